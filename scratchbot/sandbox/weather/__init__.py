"""Bad weather between a client and the site: slow, wrong and missing answers, by rules."""

from scratchbot.sandbox.weather.effects import Effects, SocketFate
from scratchbot.sandbox.weather.rules import Rule, WeatherError, load_weather, read_weather
from scratchbot.sandbox.weather.weather import Weather

__all__ = [
    "Effects",
    "Rule",
    "SocketFate",
    "Weather",
    "WeatherError",
    "load_weather",
    "read_weather",
]
