"""Django's PostgreSQL, with a kept connection looked at before it is used and not asked."""
