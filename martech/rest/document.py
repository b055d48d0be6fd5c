"""The OpenAPI document and the page to read and try it."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from martech.rest.views import View


@cache
def document() -> dict[str, Any]:
    """The whole document. It is the same for everybody, so it is made once a process."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


class Document(View, SpectacularAPIView):
    """The OpenAPI document."""

    judges_query = frozenset()

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        name = self._get_filename(request, None)
        return Response(document(), headers={"Content-Disposition": f'inline; filename="{name}"'})


class Docs(View, SpectacularSwaggerSplitView):
    """The document to read and try in the browser. It keeps to the policy of all pages."""

    template_name = "api_docs.html"
