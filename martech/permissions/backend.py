"""Django's has_perm, answered from the table."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend

from martech.permissions import engine
from martech.permissions.table import PERMISSIONS
from martech.questions import question


@question
def _person(_actor: None, *, key: Any) -> Any:
    return get_user_model()._default_manager.with_roles().filter(pk=key)


class TableBackend(ModelBackend):
    """Sign-in by password, rights from the table; there is no superuser short cut."""

    def get_user(self, user_id: Any) -> Any:
        """Whose session this is, roles and all in one query; nobody once they left."""
        found = _person(None, key=int(user_id))
        return found[0] if found and self.user_can_authenticate(found[0]) else None

    def user_can_authenticate(self, user: Any) -> bool:
        return user is not None and user.signs_in

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if perm not in PERMISSIONS or not user_obj.is_active:
            return False
        return engine.condition(user_obj, perm) is True if obj is None else engine.may(user_obj, perm, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return {perm for perm in PERMISSIONS if self.has_perm(user_obj, perm, obj)}
