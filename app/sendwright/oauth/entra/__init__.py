"""The Microsoft identity platform (Microsoft Entra ID), by way of MSAL."""
