"""What `langgraph.json` names: the graphs for `langgraph dev`, compiled without a checkpointer of their own.

The home is opened when a node first runs, from the same settings as the command line. The served deal graph halts
at the same gate. Who asks is the holder of the server's own ``PARTNERSHIP_TOKEN``: a token in a run's input or
context would be kept by the server. An answer to the interrupt only wakes the thread.
"""

from dataclasses import replace
from functools import lru_cache

from partnership_os.governance.clock import system_clock
from partnership_os.graphs.company_index import CompanyIndex
from partnership_os.graphs.deal_graph import build_deal_graph
from partnership_os.graphs.discovery_graph import build_discovery_graph
from partnership_os.graphs.home import open_home
from partnership_os.graphs.services import Services
from partnership_os.settings import load_settings


@lru_cache(maxsize=1)
def services() -> Services:
    """The services of this server process, opened once."""
    settings = load_settings()
    own = settings.token.get_secret_value() if settings.token is not None else None
    opened = open_home(settings, system_clock).services
    CompanyIndex(opened.companies, opened.search(), opened.lexicon).refresh(lambda _stage, _done, _total: None)
    return replace(opened, authenticate=lambda _given: opened.authenticate(own))


deal = build_deal_graph(services).compile()
discovery = build_discovery_graph(services).compile()
