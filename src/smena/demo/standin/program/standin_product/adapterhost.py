"""The adapter host: would connect the product with other systems; here it only is there, and is asked whether it is."""

from __future__ import annotations

from .inner import InnerService
from .instance import number
from .web import Problem, Request, Response, answer_json


class AdapterHost(InnerService):
    name = "adapterhost"

    def handle(self, request: Request) -> Response:
        self.admit(request)
        if request.target != "/health":
            raise Problem(404, "there are no adapters here")
        adapters = self.instance.adapters
        connections = number(adapters, "adapters.pool.size", 0) or number(adapters, "adapters.maxConnections", 16)
        return answer_json(200, {**self.health(), "connections": connections})
