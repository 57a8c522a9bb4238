"""What `langgraph.json` names: the graphs for `langgraph dev`, compiled without a checkpointer of their own.

The home is opened when a node first runs, from the same settings as the CLI. The served deal graph halts at the same
gate; who asks comes from the run's context (a token), and an answer to the interrupt only wakes it.
"""

from functools import lru_cache

from partnership_os.governance.clock import system_clock
from partnership_os.graphs.deal_graph import build_deal_graph
from partnership_os.graphs.discovery_graph import build_discovery_graph
from partnership_os.graphs.home import open_home
from partnership_os.graphs.services import Services
from partnership_os.settings import load_settings


@lru_cache(maxsize=1)
def _services() -> Services:
    return open_home(load_settings(), system_clock).services


deal = build_deal_graph(_services).compile()
discovery = build_discovery_graph(_services).compile()
