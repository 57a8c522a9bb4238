"""Retrieval: does the search bring the right companies to the top?"""
