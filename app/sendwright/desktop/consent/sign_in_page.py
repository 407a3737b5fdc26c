"""The page of the browser in the window: goes where it may, and tells what happens."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QObject, QTimer, QUrl, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineDownloadRequest,
    QWebEngineFileSystemAccessRequest,
    QWebEngineFullScreenRequest,
    QWebEngineLoadingInfo,
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineRegisterProtocolHandlerRequest,
    QWebEngineWebAuthUxRequest,
)
from typing_extensions import override

from sendwright.desktop.consent.address import host_of, may_open
from sendwright.desktop.consent.net_errors import ABORTED, failed_load, refused_certificate
from sendwright.oauth.callback import is_callback

MOST_DIALOGS = 10
"""Windows that a page may ask for before it is ended; none is ever shown."""

_WEB = frozenset({"http", "https", "about", ""})
_FRAMES = frozenset({"about:blank", "about:srcdoc"})
_LEAVING = "Are you sure you want to leave this page? Changes that you made may not be saved."  # Qt's own source text


class SignInPage(QWebEnginePage):
    """called_back: the redirect URI was asked for, with everything in it; it is never loaded, and said once.

    refused: the page wanted something that it may not: `http`, `scheme`, `window`, `download`, `permission`, `key`,
    `dialogs`. stopped: the evidence of why nothing is shown. arrived: a page is there. stayed: it went nowhere, the
    former page is still there. crashed: its process is gone.
    """

    called_back = Signal(str)
    refused = Signal(str)
    stopped = Signal(object)
    arrived = Signal()
    stayed = Signal()
    crashed = Signal()

    def __init__(self, profile: QWebEngineProfile, parent: QObject, *, redirect_uri: str) -> None:
        super().__init__(profile, parent)
        self._redirect_uri = redirect_uri
        self._over = False
        self._dialogs = 0
        self._certificate = False
        profile.downloadRequested.connect(self._download)
        self.urlChanged.connect(lambda url: self.watch(_address(url)))
        self.loadingChanged.connect(self._loading)
        self.certificateError.connect(self._distrust)
        self.newWindowRequested.connect(self._window)
        self.permissionRequested.connect(self._permission)
        self.fullScreenRequested.connect(_reject_full_screen)
        self.registerProtocolHandlerRequested.connect(_reject_handler)
        self.fileSystemAccessRequested.connect(_reject_files)
        self.webAuthUxRequested.connect(self._key)
        self.renderProcessTerminated.connect(lambda _status, _code: self.crashed.emit())

    def watch(self, address: str) -> None:
        """Look whether `address` is the redirect URI; then it is told, once, and the page goes nowhere any more."""
        if not self._over and is_callback(address, redirect_uri=self._redirect_uri):
            self._over = True
            # Whoever hears it may take the page away, which is no good from inside of its own question.
            QTimer.singleShot(0, self, lambda: self.called_back.emit(address))

    def give_up(self) -> None:
        """Go nowhere any more."""
        self._over = True
        self.triggerAction(QWebEnginePage.WebAction.Stop)

    @override
    def acceptNavigationRequest(
        self,
        url: QUrl | str,
        type: QWebEnginePage.NavigationType,
        isMainFrame: bool,
    ) -> bool:
        """Let the page go to encrypted addresses, and to nothing else. Frames inside may be empty, too."""
        address = _address(QUrl(url))
        if isMainFrame:
            self.watch(address)
        if self._over or is_callback(address, redirect_uri=self._redirect_uri):
            return False
        if may_open(address) or (not isMainFrame and address in _FRAMES):
            return True
        self.refused.emit("http" if QUrl(url).scheme() == "http" else "scheme")
        return False

    @override
    def javaScriptAlert(self, securityOrigin: QUrl | str, msg: str) -> None:
        self._count_dialog()

    @override
    def javaScriptConfirm(self, securityOrigin: QUrl | str, msg: str) -> bool:
        """Answer no; but a page may be left without being asked about it."""
        self._count_dialog()
        return msg == QCoreApplication.translate("QWebEnginePage", _LEAVING)

    @override
    def javaScriptPrompt(self, securityOrigin: QUrl | str, msg: str, defaultValue: str) -> tuple[bool, str]:
        self._count_dialog()
        return False, ""

    @override
    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, message: str, lineNumber: int, sourceID: str
    ) -> None:
        """Say nothing: what a page writes there is its own matter."""

    @override
    def chooseFiles(
        self, mode: QWebEnginePage.FileSelectionMode, oldFiles: Sequence[str], acceptedMimeTypes: Sequence[str]
    ) -> list[str]:
        """Hand no file over."""
        self.refused.emit("permission")
        return []

    def _count_dialog(self) -> None:
        self._dialogs += 1
        if self._dialogs == MOST_DIALOGS:
            self._over = True
            QTimer.singleShot(0, self, lambda: self.refused.emit("dialogs"))

    def _loading(self, info: QWebEngineLoadingInfo) -> None:
        """Tell how it went. A redirect of a server to no web address ends the load, and is asked about nowhere else."""
        if info.status() == QWebEngineLoadingInfo.LoadStatus.LoadStoppedStatus:
            self.watch(_address(info.url()))
            if not self._over and info.url().scheme() not in _WEB:
                self.refused.emit("scheme")
            self.stayed.emit()
        if self._over:
            return
        if info.status() == QWebEngineLoadingInfo.LoadStatus.LoadSucceededStatus:
            self.arrived.emit()
        elif info.status() == QWebEngineLoadingInfo.LoadStatus.LoadFailedStatus:
            self._failed(info)

    def _failed(self, info: QWebEngineLoadingInfo) -> None:
        if info.errorDomain() == QWebEngineLoadingInfo.ErrorDomain.HttpStatusCodeDomain:
            self.arrived.emit()  # the service's own page says what is wrong
        elif info.errorCode() not in ABORTED and not self._certificate:
            host = host_of(_address(info.url()))
            self.stopped.emit(failed_load(info.errorCode(), info.errorString(), host=host))

    def _distrust(self, error: QWebEngineCertificateError) -> None:
        error.rejectCertificate()
        if error.isMainFrame() and not self._over:
            self._certificate = True
            host = host_of(_address(error.url()))
            self.stopped.emit(refused_certificate(error.type().value, error.description(), host=host))

    def _window(self, request: QWebEngineNewWindowRequest) -> None:
        """Open in place what the person asked for; a window that comes by itself is none."""
        if request.isUserInitiated() and may_open(_address(request.requestedUrl())):
            self.load(request.requestedUrl())
        else:
            self.refused.emit("window")

    def _download(self, request: QWebEngineDownloadRequest) -> None:
        request.cancel()
        self.refused.emit("download")

    def _permission(self, permission: QWebEnginePermission) -> None:
        permission.deny()
        self.refused.emit("permission")

    def _key(self, request: QWebEngineWebAuthUxRequest) -> None:
        request.cancel()
        self.refused.emit("key")


def _reject_full_screen(request: QWebEngineFullScreenRequest) -> None:
    request.reject()


def _reject_handler(request: QWebEngineRegisterProtocolHandlerRequest) -> None:
    request.reject()


def _reject_files(request: QWebEngineFileSystemAccessRequest) -> None:
    request.reject()


def _address(url: QUrl) -> str:
    return url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
