"""Rows to findings: conversion, pandera schemas, row rules, and the judgement of a return."""
