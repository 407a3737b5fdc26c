"""What will be agreed to, by whom, and how somebody else is asked."""
