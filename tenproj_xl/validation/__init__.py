"""Rows to findings: conversion, pandera schemas, cross-checks, and the judgement of a return."""
