"""Knows the domains under which anybody may have a private mailbox."""

_NAMES = """
    126.com 163.com aol.com bluewin.ch caramail.com fastmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com
    gmx.de gmx.fr gmx.net googlemail.com hey.com home.nl hotmail.be hotmail.co.uk hotmail.com hotmail.de hotmail.fr
    hotmail.it hotmail.nl hushmail.com icloud.com kpnmail.nl laposte.net libero.it live.be live.com live.fr live.nl
    mac.com mail.com mail.ru mailbox.org me.com msn.com naver.com numericable.fr online.nl orange.fr outlook.be
    outlook.com outlook.de outlook.fr pandora.be planet.nl pm.me posteo.de proton.me protonmail.ch protonmail.com
    qq.com rocketmail.com seznam.cz sfr.fr skynet.be t-online.de telenet.be tiscali.it tutanota.com wanadoo.fr web.de
    wp.pl xs4all.nl yahoo.co.jp yahoo.co.uk yahoo.com yahoo.de yahoo.fr yahoo.it yandex.com yandex.ru ymail.com
    ziggo.nl
"""

FREEMAIL_DOMAINS = frozenset(_NAMES.split())
