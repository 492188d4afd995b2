"""What the test of sudden deaths is made of.

An outside that records, processes that can be killed, people who go on.
"""
