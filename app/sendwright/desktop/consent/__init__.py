"""The sign-in page of somebody else, shown inside the window in a browser that forgets everything."""
