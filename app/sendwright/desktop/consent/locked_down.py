"""A browser profile that knows nothing before, keeps nothing afterwards, and lets a page do nothing but be a page."""

import atexit
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QTimer, QUrl, Signal
from PySide6.QtNetwork import QSsl, QSslCertificate
from PySide6.QtWebEngineCore import (
    QWebEngineProfile,
    QWebEngineProfileBuilder,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from typing_extensions import override

from sendwright.oauth.callback import is_callback
from sendwright.texts import language

_Attribute = QWebEngineSettings.WebAttribute
_OFF: Final = (
    _Attribute.AllowGeolocationOnInsecureOrigins,
    _Attribute.AllowRunningInsecureContent,
    _Attribute.AllowWindowActivationFromJavaScript,
    _Attribute.AutoLoadIconsForPage,
    _Attribute.BackForwardCacheEnabled,
    _Attribute.DnsPrefetchEnabled,
    _Attribute.ErrorPageEnabled,
    _Attribute.FullScreenSupportEnabled,
    _Attribute.HyperlinkAuditingEnabled,
    _Attribute.JavascriptCanAccessClipboard,
    _Attribute.JavascriptCanPaste,
    _Attribute.LocalContentCanAccessFileUrls,
    _Attribute.LocalContentCanAccessRemoteUrls,
    _Attribute.NavigateOnDropEnabled,
    _Attribute.PdfViewerEnabled,
    _Attribute.PluginsEnabled,
    _Attribute.ScreenCaptureEnabled,
    _Attribute.WebGLEnabled,
)
_ON: Final = (
    _Attribute.JavascriptEnabled,
    _Attribute.JavascriptCanOpenWindows,  # asked about each time, and opened in place
    _Attribute.PlaybackRequiresUserGesture,
    _Attribute.WebRTCPublicInterfacesOnly,
)
_SCHEMES: Final = frozenset({"https", "wss", "data", "blob"})
"""What a page may fetch; where it may go itself is asked apart."""

_WRITTEN_AFTER_MS = 1000
"""The browser's processes write into a profile's folder for a moment after it has ended."""


class Gate(QWebEngineUrlRequestInterceptor):
    """Lets nothing out but encrypted requests, and never one to the redirect URI. called_back: that was asked for."""

    called_back = Signal(str)

    def __init__(self, parent: QObject, *, redirect_uri: str) -> None:
        super().__init__(parent)
        self._redirect_uri = redirect_uri

    @override
    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        url = info.requestUrl()
        address = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        if is_callback(address, redirect_uri=self._redirect_uri):
            info.block(True)  # noqa: FBT003 - Qt's
            if info.resourceType() == QWebEngineUrlRequestInfo.ResourceType.ResourceTypeMainFrame:
                self.called_back.emit(address)
        elif url.scheme() not in _SCHEMES:
            info.block(True)  # noqa: FBT003 - Qt's


def make_profile(parent: QObject, *, redirect_uri: str, authority_pem: str = "") -> tuple[QWebEngineProfile, Gate]:
    """Return a new profile in memory, and what watches its requests; both end with `parent`.

    authority_pem: an authority that is trusted beside the system's, for a practice.
    """
    make = QWebEngineProfileBuilder.createOffTheRecordProfile
    profile = _practising(parent, authority_pem) if authority_pem else make(parent)
    profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.MemoryHttpCache)
    profile.setPersistentCookiesPolicy(QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies)
    profile.setPersistentPermissionsPolicy(QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime)
    profile.setSpellCheckEnabled(False)
    profile.setPushServiceEnabled(False)
    profile.setHttpAcceptLanguage(language())
    gate = Gate(profile, redirect_uri=redirect_uri)
    profile.setUrlRequestInterceptor(gate)
    settings = profile.settings()
    for attribute in (*_OFF, *_ON):
        settings.setAttribute(attribute, attribute in _ON)
    settings.setUnknownUrlSchemePolicy(QWebEngineSettings.UnknownUrlSchemePolicy.DisallowUnknownUrlSchemes)
    return profile, gate


def _practising(parent: QObject, authority_pem: str) -> QWebEngineProfile:
    """Return a profile that trusts one authority more: Qt has that only for profiles with a folder of their own.

    The folder is a new one and goes with the profile; a practice knows nobody's secrets.
    """
    folder = Path(mkdtemp(prefix="sendwright-sign-in-"))
    builder = QWebEngineProfileBuilder()
    builder.setPersistentStoragePath(str(folder / "storage"))
    builder.setCachePath(str(folder / "cache"))
    builder.setAdditionalTrustedCertificates(
        QSslCertificate.fromData(QByteArray(authority_pem.encode()), QSsl.EncodingFormat.Pem)
    )
    profile = builder.createProfile(folder.name, parent)
    remove = partial(rmtree, folder, ignore_errors=True)
    profile.destroyed.connect(lambda: QTimer.singleShot(_WRITTEN_AFTER_MS, remove))
    atexit.register(remove)  # where the program ends sooner
    return profile
