"""How Google's JSON APIs say no, for the fakes that stand in for them."""

from ingestion.sandbox.http import Reply, Request


def google_error(code: int, reason: str, message: str, status: str = "") -> Reply:
    """The error envelope of Google's JSON APIs."""
    errors = [{"message": message, "domain": "global", "reason": reason}]
    error = {"code": code, "message": message, "errors": errors, "status": status}
    return Reply({"error": error}, code)


def unauthenticated(request: Request) -> Reply | None:
    """The refusal of a request without a good token; None for any other."""
    if request.token is None and not request.query.get("key"):
        said = "Request is missing required authentication credential."
        return google_error(401, "required", said, "UNAUTHENTICATED")
    if request.token == "revoked":
        return google_error(401, "authError", "Invalid Credentials", "UNAUTHENTICATED")
    return None
