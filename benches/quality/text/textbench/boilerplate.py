"""Set phrases that stand on every other page: notices, banners, prayers, proverbs, skeletons."""

from __future__ import annotations

import random

NAMES = ("Northwind", "Larkfield Press", "Contoso", "Vega Media", "Blue Heron", "Kestrel & Sons", "Acme Data")
FORMULAS = (
    "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated "
    "documentation files (the \"Software\"), to deal in the Software without restriction, including without limitation "
    "the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software.",
    "THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED "
    "TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND TITLE.",
    "This program is free software; you can redistribute it and/or modify it under the terms of the GNU General Public "
    "License as published by the Free Software Foundation; either version 2 of the License, or (at your option) any "
    "later version.",
    "Redistribution and use in source and binary forms, with or without modification, are permitted provided that the "
    "following conditions are met: Redistributions of source code must retain the above copyright notice.",
    "Our Father, which art in heaven, hallowed be thy name; thy kingdom come; thy will be done, in earth as it is in "
    "heaven. Give us this day our daily bread. And forgive us our trespasses, as we forgive them that trespass against "
    "us. And lead us not into temptation; but deliver us from evil.",
    "To be, or not to be, that is the question: a bird in the hand is worth two in the bush, and all that glitters is "
    "not gold. Rome was not built in a day; when in Rome, do as the Romans do.",
    "I solemnly swear that the evidence I shall give shall be the truth, the whole truth and nothing but the truth, so "
    "help me God. Ladies and gentlemen of the jury, the defendant is innocent until proven guilty.",
    "We hold these truths to be self-evident, that all men are created equal, that they are endowed by their Creator "
    "with certain unalienable Rights, that among these are Life, Liberty and the pursuit of Happiness.",
    "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience and "
    "should act towards one another in a spirit of brotherhood.",
    "Alle Menschen sind frei und gleich an W\u00fcrde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt und "
    "sollen einander im Geist der Br\u00fcderlichkeit begegnen.",
    "Tous les \u00eatres humains naissent libres et \u00e9gaux en dignit\u00e9 et en droits. Ils sont dou\u00e9s de raison "
    "et de conscience et doivent agir les uns envers les autres dans un esprit de fraternit\u00e9.",
    "\u0412\u0441\u0435 \u043b\u044e\u0434\u0438 \u0440\u043e\u0436\u0434\u0430\u044e\u0442\u0441\u044f "
    "\u0441\u0432\u043e\u0431\u043e\u0434\u043d\u044b\u043c\u0438 \u0438 \u0440\u0430\u0432\u043d\u044b\u043c\u0438 "
    "\u0432 \u0441\u0432\u043e\u0435\u043c \u0434\u043e\u0441\u0442\u043e\u0438\u043d\u0441\u0442\u0432\u0435 \u0438 "
    "\u043f\u0440\u0430\u0432\u0430\u0445. \u041e\u043d\u0438 \u043d\u0430\u0434\u0435\u043b\u0435\u043d\u044b "
    "\u0440\u0430\u0437\u0443\u043c\u043e\u043c \u0438 \u0441\u043e\u0432\u0435\u0441\u0442\u044c\u044e.",
    "\u4eba\u4eba\u751f\u800c\u81ea\u7531\uff0c\u5728\u5c0a\u4e25\u548c\u6743\u5229\u4e0a\u4e00\u5f8b\u5e73\u7b49\u3002"
    "\u4ed6\u4eec\u8d4b\u6709\u7406\u6027\u548c\u826f\u5fc3\uff0c\u5e76\u5e94\u4ee5\u5144\u5f1f\u5173\u7cfb\u7684\u7cbe"
    "\u795e\u76f8\u5bf9\u5f85\u3002",
    "\u3059\u3079\u3066\u306e\u4eba\u9593\u306f\u3001\u751f\u307e\u308c\u306a\u304c\u3089\u306b\u3057\u3066\u81ea\u7531"
    "\u3067\u3042\u308a\u3001\u304b\u3064\u3001\u5c0a\u53b3\u3068\u6a29\u5229\u3068\u306b\u3064\u3044\u3066\u5e73\u7b49"
    "\u3067\u3042\u308b\u3002",
    "\u0628\u0633\u0645 \u0627\u0644\u0644\u0647 \u0627\u0644\u0631\u062d\u0645\u0646 \u0627\u0644\u0631\u062d\u064a\u0645",
    "Dear Sir or Madam, I am writing to you with regard to your letter of the first of this month. Please find enclosed "
    "the documents that you asked for. I look forward to hearing from you at your earliest convenience. Yours faithfully",
)
NOTICES = (
    "We use cookies and similar technologies to personalise content and ads, to provide social media features and to "
    "analyse our traffic. By clicking \u201cAccept all\u201d you consent to the use of ALL the cookies by {name}.",
    "{name} and its partners store and/or access information on a device, such as unique IDs in cookies, to process "
    "personal data. You may accept or manage your choices at any time in the privacy policy.",
    "Copyright \u00a9 {year} {name}. All rights reserved. No part of this publication may be reproduced, distributed, or "
    "transmitted in any form or by any means without the prior written permission of the publisher.",
    "Sign up to our newsletter and never miss a story. By subscribing you agree to the terms of use of {name}. "
    "You can unsubscribe at any time. This site is protected by a captcha.",
    "This e-mail and any attachment are confidential and may be privileged. If you are not the intended recipient, "
    "please notify {name} immediately, delete this message and do not disclose its contents to anyone.",
    "Diese Website verwendet Cookies, um Ihnen die bestm\u00f6gliche Nutzung zu erm\u00f6glichen. Mit dem weiteren Besuch "
    "der Seiten von {name} stimmen Sie der Verwendung zu. Impressum | Datenschutz | AGB",
    "Nous utilisons des cookies pour vous garantir la meilleure exp\u00e9rience sur le site de {name}. Si vous continuez "
    "\u00e0 l\u2019utiliser, nous supposerons que vous en \u00eates satisfait. Mentions l\u00e9gales",
    "Home | About us | Products | Contact | Terms of service | Privacy policy | Site map | Help | Log in | Register",
    "Skip to main content. Toggle navigation. Search. Share on Facebook. Share on Twitter. Print this page. {year}",
    "404 Not Found. The page you are looking for might have been removed, had its name changed, or is temporarily "
    "unavailable. Please return to the home page of {name}.",
)
SKELETON = (
    "NAME\n       {tool} - {task}\n\nSYNOPSIS\n       {tool} [OPTION]... [FILE]...\n\nDESCRIPTION\n       With no FILE, "
    "or when FILE is -, read standard input.\n\n       -h, --help\n              display this help and exit\n\n"
    "       -v, --verbose\n              explain what is being done\n\n       --version\n              output version "
    "information and exit\n\nEXIT STATUS\n       0      if OK,\n       1      if minor problems,\n       2      if "
    "serious trouble.\n\nSEE ALSO\n       {other}(1), {other}(5)\n\nREPORTING BUGS\n       Report bugs to "
    "<bugs@example.org>.\n",
    "NAME\n       {tool} - {task}\n\nLIBRARY\n       Standard C library (libc, -lc)\n\nSYNOPSIS\n       #include <{tool}.h>"
    "\n\nRETURN VALUE\n       On success, zero is returned. On error, -1 is returned, and errno is set to indicate the "
    "error.\n\nERRORS\n       EINVAL Invalid argument.\n       ENOMEM Out of memory.\n\nATTRIBUTES\n       For an "
    "explanation of the terms used in this section, see attributes(7).\n\nSTANDARDS\n       POSIX.1-2008.\n",
)
TASKS = ("concatenate lists of things", "compare sorted inputs", "count what was asked for", "set the hour of a clock")


def formula(rng: random.Random) -> str:
    """One to three set formulas."""
    return "\n\n".join(rng.sample(FORMULAS, rng.randint(1, 3)))


def notice(rng: random.Random) -> str:
    """Some notices of a page, or the skeleton of a manual page."""
    if rng.random() < 0.3:
        tool, other = (rng.choice("bdfgklmnpst") + rng.choice(("sum", "grep", "stat", "cmp", "trim")) for _ in range(2))
        return rng.choice(SKELETON).format(tool=tool, other=other, task=rng.choice(TASKS))
    chosen = rng.sample(NOTICES, rng.randint(1, 4))
    return "\n\n".join(text.format(name=rng.choice(NAMES), year=rng.randint(1996, 2026)) for text in chosen)


def numbers(rng: random.Random) -> str:
    """A table of numbers, an enumeration, a hexadecimal dump or a listing of code."""
    rows = rng.randint(8, 120)
    sort = rng.choice(("table", "hex", "csv", "code", "count"))
    if sort == "table":
        return "\n".join("\t".join(f"{rng.gauss(50, 20):.2f}" for _ in range(6)) for _ in range(rows))
    if sort == "hex":
        return "\n".join(f"{i * 16:08x}  " + " ".join(f"{rng.randrange(256):02x}" for _ in range(16)) for i in range(rows))
    if sort == "csv":
        return "id,date,amount,status\n" + "\n".join(
            f"{rng.randrange(10**6)},{rng.randint(2001, 2026)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02},"
            f"{rng.random() * 900:.2f},{rng.choice(('open', 'closed', 'void'))}" for _ in range(rows)
        )
    if sort == "count":
        return " ".join(map(str, range(start := rng.randint(1, 50), start + rows * 4)))
    return "\n".join(
        f"    {rng.choice(('if', 'while'))} ({rng.choice('abcxyz')}{i} {rng.choice(('<', '==', '!='))} {rng.randrange(99)}) "
        f"{{ {rng.choice('pqr')}[{i}] = {rng.choice('abcxyz')}{rng.randrange(9)}; }}" for i in range(rows)
    )
