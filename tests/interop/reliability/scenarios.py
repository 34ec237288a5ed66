"""What happens: sixty comments each time, and mostly something goes wrong."""

from tests.interop.reliability.stage import SPEED, Scenario, Stage


async def _healthy(stage: Stage) -> None:
    await stage.talk(60, minutes=30)


async def _errors(stage: Stage) -> None:
    stage.weather(status=503, share=0.1)
    await stage.talk(60, minutes=30)
    stage.weather()


async def _slowness(stage: Stage) -> None:
    late = 2 / SPEED
    stage.weather(latency=[late, late])
    await stage.talk(60, minutes=30)
    stage.weather()


async def _restart(stage: Stage) -> None:
    await stage.talk(20, minutes=10)
    await stage.kill()
    await stage.talk(20, minutes=10)
    await stage.start()
    await stage.talk(20, minutes=10)


async def _outage(stage: Stage) -> None:
    await stage.talk(20, minutes=10)
    stage.weather(status=503)
    await stage.talk(20, minutes=60)
    stage.weather()
    await stage.talk(20, minutes=10)


async def _replies(stage: Stage) -> None:
    await stage.talk(60, minutes=30, replies=True)


async def _burst(stage: Stage) -> None:
    await stage.talk(60, minutes=0)


SCENARIOS: dict[str, Scenario] = {
    "nothing goes wrong": _healthy,
    "one answer of ten is a 503": _errors,
    "every answer is two seconds late": _slowness,
    "killed, and started again ten minutes later": _restart,
    "only 503 for an hour": _outage,
    "replies under older comments": _replies,
    "60 comments between two looks": _burst,
}
