"""What the interfaces share that take messages over the web: how they are asked, read, and explained."""
