"""Uploads end at the limit while they arrive, not after they filled the disk."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class Limit(FileUploadHandler):
    """Counts what arrives and stops at UPLOAD_LIMIT; the view then sees `request.upload_refused`."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > settings.UPLOAD_LIMIT:
            if self.request is not None:
                self.request.upload_refused = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
