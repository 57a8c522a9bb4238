"""The chat model double: it plays its script, binds tools, and is loud at the end."""

import asyncio

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.tools import tool
from langgraph.graph import END, START, MessagesState, StateGraph

from partnership_os.testing.scripted_model import scripted, tool_call


@tool
def find(need: str) -> str:
    """Find partners."""
    return need


def test_turns_are_played_in_order_and_calls_are_kept() -> None:
    model = scripted("one", AIMessage(content="two"), lambda messages: f"{len(messages)} messages")
    assert [model.invoke("a").text, model.invoke("b").text, model.invoke("c").text] == ["one", "two", "1 messages"]
    assert [call[0].content for call in model.calls] == ["a", "b", "c"]
    model.assert_done()


def test_an_exhausted_script_raises() -> None:
    model = scripted()
    with pytest.raises(AssertionError, match="no turn left for call 1"):
        model.invoke("a")


def test_an_unplayed_turn_is_loud() -> None:
    with pytest.raises(AssertionError, match="1 turns"):
        scripted("one").assert_done()


def test_tools_are_bound_and_called_also_in_a_stream_and_async() -> None:
    model = scripted(*[tool_call("find", need="nd_1") for _ in range(3)])
    bound = model.bind_tools([find])
    calls = [bound.invoke("go"), *bound.stream("go"), asyncio.run(bound.ainvoke("go"))]
    assert [message.tool_calls[0]["args"] for message in calls] == [{"need": "nd_1"}] * 3
    assert model.tools == ["find"]
    assert model._llm_type == "scripted"


def test_it_works_inside_a_graph() -> None:
    model = scripted("hello")
    graph = StateGraph(MessagesState)
    graph.add_node("say", lambda state: {"messages": [model.invoke(state["messages"])]})
    graph.add_edge(START, "say")
    graph.add_edge("say", END)
    result = graph.compile().invoke({"messages": [HumanMessage("hi")]})
    assert result["messages"][-1].text == "hello"
