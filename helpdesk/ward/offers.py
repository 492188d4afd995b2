"""How sessions and the steps of learning paths are called on staff pages and in documents."""

KINDS = {"class": "講習会", "consultation": "相談会", "event": "体験会"}
LEVELS = {"basic": "基礎編", "applied": "応用編", "game": "ゲーム", "quiz": "クイズ・謎解き", "walk": "散歩"}
OTHER_STEPS = {"practice_app": "練習アプリ", "call": "電話の担当者"}
"""Steps of a learning path that are no session."""
