"""Google as an authorisation server: the sign-in of installed applications, and service accounts."""
