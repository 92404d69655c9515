"""The simulated company behind every fake: numpy only, no platform, no HTTP.

build(settings) -> World; world.view(as_of) -> View. The truth of a world is in truth.py, which
tests and benchmarks alone may import.
"""

from ingestion.world.frames import Frame
from ingestion.world.settings import STORIES, WorldSettings
from ingestion.world.view import View
from ingestion.world.world import World, build

__all__ = ["STORIES", "Frame", "View", "World", "WorldSettings", "build"]
