class RequestContext:
    pass
