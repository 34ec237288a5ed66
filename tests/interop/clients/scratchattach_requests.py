"""Answers the requests of project 105 as scratchattach does: PORT of the sandbox, "ANSWERS"."""

import json
import sys
import time
import warnings

import redirect  # noqa: F401

warnings.simplefilter("ignore")

import scratchattach

answers = json.loads(sys.argv[1])
session = scratchattach.login("demo-bot", "beepboop")
requests = session.connect_cloud(105).requests()


@requests.request
def ping():
    return "pong"


@requests.request
def echo(said):
    return said


@requests.request
def join(left, right):
    return f"{right} {left}"


@requests.request
def items(count):
    return [f"item {number}" for number in range(int(count))]


@requests.request
def give(kind):
    return answers[kind]


requests.start(thread=True)
time.sleep(1)  # the client leaves out what comes within half a second of its start
print("ready", flush=True)
time.sleep(600)
