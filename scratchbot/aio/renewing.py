"""Things of the session that change with what is done through them."""


class AsyncRenewing:
    """A view of a thing on the site: it cannot be changed but by acts, and shows what they did."""

    def _renew(self, **fields: object) -> None:
        # The values are frozen for everybody else: the site's answer is what sets them.
        vars(self).update(fields)
