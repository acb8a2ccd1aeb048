"""The experiments of experiments.go with Python's ThreadPoolExecutor.

    python3 why.py memory|waiting|computing|switching WORKERS
"""
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor


def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def memory(n):
    before = resident()
    gate, up = threading.Event(), threading.Semaphore(0)

    def task():
        up.release()
        gate.wait()

    with ThreadPoolExecutor(n) as pool:
        for _ in range(n):
            pool.submit(task)
        for _ in range(n):
            up.acquire()
        used = (resident() - before) / n
        gate.set()
    return used


def throughput(n, task, clock):
    done, stop = [0] * n, threading.Event()

    def work(i):
        while not stop.is_set():
            task()
            done[i] += 1

    with ThreadPoolExecutor(n) as pool:
        for i in range(n):
            pool.submit(work, i)
        count, began = sum(done), clock()
        time.sleep(0.3)
        count, took = sum(done) - count, clock() - began
        stop.set()
    return count / took


def compute():
    x = 1
    for _ in range(1000):
        x = (x * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF


def switching(n):
    hops = max(20_000, 4 * n)
    ring = [threading.Semaphore(0) for _ in range(n)]
    left, end = [hops], threading.Event()

    def pass_on(i):
        while True:
            ring[i].acquire()
            left[0] -= 1
            if left[0] <= 0:
                end.set()
                ring[(i + 1) % n].release()
                return
            ring[(i + 1) % n].release()

    with ThreadPoolExecutor(n) as pool:
        for i in range(n):
            pool.submit(pass_on, i)
        began = time.monotonic()
        ring[0].release()
        end.wait()
        took = time.monotonic() - began
    return took * 1e9 / hops


if __name__ == "__main__":
    what, n = sys.argv[1], int(sys.argv[2])
    print({
        "memory": lambda: memory(n),
        "waiting": lambda: throughput(n, lambda: time.sleep(0.005), time.monotonic),
        "computing": lambda: throughput(n, compute, time.process_time),
        "switching": lambda: switching(n),
    }[what]())
