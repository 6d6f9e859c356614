"""PJSIP under a script: one user agent, its calls, and a sound port on PJSIP's own 20 ms conference clock.

The port is asked for a frame and handed a frame in each tick, always in this order, so that the two recorded channels
share one clock by construction: sample n of the left was sent in the tick in which sample n of the right was heard.
What was heard has been through PJSIP's jitter buffer, as at a telephone.
"""

import contextlib
import gc
import os
import sys
import time
from collections import deque

import numpy as np
import pjsua2 as pj


@contextlib.contextmanager
def quiet():
    """Without standard output: PJSIP greets there before it can be told where to log."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


class Sound(pj.AudioMediaPort):
    """Feeds `step(heard) -> said` once per tick and keeps both directions."""

    def __init__(self, rate: int, step):
        super().__init__()
        self.frame = rate // 50
        self.nothing = np.zeros(self.frame, dtype=np.int16)
        self.step = step
        self.latest = self.nothing
        self.sent: list[np.ndarray] = []
        self.heard: list[np.ndarray] = []
        self.failure: Exception | None = None
        form = pj.MediaFormatAudio()
        form.init(pj.PJMEDIA_FORMAT_PCM, rate, 1, 20000, 16)
        self.createPort("script", form)

    def onFrameRequested(self, frame):
        try:
            out = self.step(self.latest) if self.failure is None else self.nothing
        except Exception as failure:
            self.failure, out = failure, self.nothing
        self.latest = self.nothing
        self.sent.append(out)
        self.heard.append(self.nothing)
        frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
        frame.buf = pj.ByteVector(out.astype("<i2").tobytes())
        frame.size = 2 * self.frame

    def onFrameReceived(self, frame):
        if frame.type == pj.PJMEDIA_FRAME_TYPE_AUDIO and frame.size == 2 * self.frame and self.heard:
            self.latest = np.frombuffer(bytes(frame.buf), dtype="<i2")[: self.frame]
            self.heard[-1] = self.latest

    def stereo(self) -> np.ndarray:
        """Left what was sent, right what was heard."""
        count = min(len(self.sent), len(self.heard))
        if count == 0:
            return np.zeros((0, 2), dtype=np.int16)
        return np.stack([np.concatenate(self.sent[:count]), np.concatenate(self.heard[:count])], axis=1)


class Leg(pj.Call):
    """One call of the line. `told` receives (leg, event, details) on PJSIP's threads."""

    def __init__(self, line: "Line", call_id: int = pj.PJSUA_INVALID_ID, transferred: bool = False):
        super().__init__(line.account, call_id)
        self.line, self.transferred = line, transferred
        self.alive = True
        self.sip_call_id = ""

    def onCallState(self, parameters):
        info = self.getInfo()
        self.sip_call_id = info.callIdString
        if info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.line.told.append((self, "confirmed", info.lastStatusCode))
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.alive = False
            self.line.told.append((self, "ended", info.lastStatusCode))

    def onCallMediaState(self, parameters):
        info = self.getInfo()  # kept: its media list points into it
        for index, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                sound = self.getAudioMedia(index)
                self.line.sound.startTransmit(sound)
                sound.startTransmit(self.line.sound)

    def onCallTransferRequest(self, parameters):
        leg = Leg(self.line, transferred=True)
        self.line.legs.append(leg)
        self.line.told.append((leg, "refer", parameters.dstUri))
        parameters.newCall = leg
        parameters.statusCode = 202

    def onDtmfDigit(self, parameters):
        self.line.told.append((self, "digit", parameters.digit))


class Account(pj.Account):
    def __init__(self, line: "Line"):
        super().__init__()
        self.line = line

    def onIncomingCall(self, parameters):
        leg = Leg(self.line, parameters.callId)
        leg.sip_call_id = leg.getInfo().callIdString
        self.line.legs.append(leg)
        self.line.told.append((leg, "incoming", leg.getInfo().remoteUri))

    def onRegState(self, parameters):
        self.line.registration = parameters.code


class Line:
    """A user agent on 127.0.0.1 with explicit ports. `step` runs on the media clock from the start on, call or no call.

    `codec` is the only one offered; empty leaves all. `transport` is one or several, as in `udp+tcp`.
    """

    def __init__(self, step, *, sip_port: int, media_port: int, rate: int = 8000, codec: str = "PCMU/8000", user: str = "caller",
                 transport: str = "udp", proxy: str = "", log: str = "", credentials: tuple[str, str] | None = None,
                 registrar: str = ""):
        self.told: deque = deque()
        self.legs: list[Leg] = []
        self.registration = 0
        self.endpoint = pj.Endpoint()
        with quiet():
            self.endpoint.libCreate()
        config = pj.EpConfig()
        config.logConfig.consoleLevel = 0
        config.logConfig.level = 4 if log else 0
        config.logConfig.filename = log
        config.uaConfig.threadCnt = 1
        config.uaConfig.maxCalls = 8
        config.medConfig.noVad = True
        config.medConfig.ecTailLen = 0
        config.medConfig.clockRate = config.medConfig.sndClockRate = rate
        config.medConfig.audioFramePtime = config.medConfig.ptime = 20
        self.endpoint.libInit(config)
        kinds = {"udp": pj.PJSIP_TRANSPORT_UDP, "tcp": pj.PJSIP_TRANSPORT_TCP, "tls": pj.PJSIP_TRANSPORT_TLS}
        for name in transport.split("+"):
            socket = pj.TransportConfig()
            socket.port = sip_port
            socket.boundAddress = socket.publicAddress = "127.0.0.1"
            socket.tlsConfig.verifyServer = False
            self.endpoint.transportCreate(kinds[name], socket)
        self.endpoint.libStart()
        devices = self.endpoint.audDevManager()
        devices.setNullDev()
        for known in self.endpoint.codecEnum2():
            self.endpoint.codecSetPriority(known.codecId, 255 if known.codecId.startswith(codec) else 0)
        account = pj.AccountConfig()
        account.idUri = f"sip:{user}@127.0.0.1:{sip_port}" if not registrar else f"sip:{user}@{registrar}"
        media = account.mediaConfig.transportConfig
        media.boundAddress = media.publicAddress = "127.0.0.1"
        media.port, media.portRange = media_port, 40
        if proxy:
            account.sipConfig.proxies.append(proxy)
        if registrar:
            account.regConfig.registrarUri = f"sip:{registrar}"
        if credentials:
            account.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", credentials[0], 0, credentials[1]))
        self.account = Account(self)
        self.account.create(account)
        self.sound = Sound(rate, step)
        # A listener that never leaves keeps the port ticking before, between and after calls.
        self.sound.startTransmit(devices.getPlaybackDevMedia())

    def dial(self, uri: str) -> Leg:
        leg = Leg(self)
        self.legs.append(leg)
        parameters = pj.CallOpParam(True)
        parameters.opt.audioCount, parameters.opt.videoCount = 1, 0
        leg.makeCall(uri, parameters)
        return leg

    def answer(self, leg: Leg, status: int = 200):
        parameters = pj.CallOpParam()
        parameters.statusCode = status
        leg.answer(parameters)

    def hang_up_all(self):
        for leg in self.legs:
            if leg.alive:
                try:
                    leg.hangup(pj.CallOpParam())
                except pj.Error:
                    leg.alive = False

    @property
    def alive(self) -> list[Leg]:
        return [leg for leg in self.legs if leg.alive]

    def close(self):
        self.hang_up_all()
        end = time.monotonic() + 2
        while self.alive and time.monotonic() < end:
            time.sleep(0.02)
        # Without a device the conference has no clock: nothing calls the port any more while it goes.
        self.endpoint.audDevManager().setNoDev()
        self.told.clear()
        self.legs.clear()
        gc.collect()
        self.sound = None
        self.account.shutdown()
        self.account = None
        self.endpoint.libDestroy()
