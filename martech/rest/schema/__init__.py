"""The OpenAPI document, made from the columns, filters and signatures that the endpoints themselves use."""
