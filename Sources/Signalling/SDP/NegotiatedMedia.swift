/// An audio codec that this room can negotiate; the better ones first.
public enum AudioCodec: String, Hashable, Sendable, Codable, CaseIterable {
  case g722 = "G722"
  case pcmu = "PCMU"
  case pcma = "PCMA"

  /// The static payload type (RFC 3551 section 6).
  public var staticPayloadType: UInt8 {
    switch self {
    case .g722: 9
    case .pcmu: 0
    case .pcma: 8
    }
  }
  /// RTP clock in hertz; for G.722 too, whose samples are twice as many.
  public var clockRate: Int { 8_000 }
  /// Whether it carries more than the telephone's 3,400 hertz.
  public var isWideband: Bool { self == .g722 }
}

/// Our side of one audio stream.
public struct LocalMedia: Hashable, Sendable {
  /// Address that the peer sends to.
  public var address: String
  /// RTP port that the peer sends to.
  public var port: UInt16
  /// Codecs in order of preference for our own offers. An answer follows the offer's order, but takes a wideband codec where
  /// there is one.
  public var codecs: [AudioCodec] = [.pcmu, .pcma]
  /// What we want; an answer is restricted by it.
  public var direction: MediaDirection = .sendrecv
  /// Session id of our `o=` line; one number for the whole call.
  public var sessionID: UInt64
  /// Version of our `o=` line; one higher for each changed description (RFC 3264 section 8).
  public var version: UInt64

  /// Our media from its address; PCMU before PCMA, both directions.
  public init(address: String, port: UInt16, sessionID: UInt64, version: UInt64 = 1) {
    self.address = address
    self.port = port
    self.sessionID = sessionID
    self.version = version
  }
}

/// A codec and the payload type that stands for it.
public struct AudioFormat: Hashable, Sendable {
  /// Names the codec in packets.
  public var payloadType: UInt8
  /// How its payloads are coded.
  public var codec: AudioCodec

  /// A format from its parts.
  public init(payloadType: UInt8, codec: AudioCodec) {
    self.payloadType = payloadType
    self.codec = codec
  }
}

/// The agreement on one audio stream.
public struct NegotiatedMedia: Hashable, Sendable {
  /// Where our packets go, as written: an address, seldom a name. With `isUnroutable` there is no such place.
  public var remoteAddress: String
  /// RTP port of the peer.
  public var remotePort: UInt16
  /// RTCP port of the peer: `a=rtcp`, or the RTP port plus one.
  public var remoteControlPort: UInt16
  /// The codec of our packets, and the one that the peer prefers for its own.
  public var codec: AudioCodec
  /// Payload type that we put into our packets.
  public var sendPayloadType: UInt8
  /// Payload type that the peer puts into its packets of `codec`.
  public var receivePayloadType: UInt8
  /// What else the peer may send (RFC 3264 section 6.1: any of the answer's formats, from packet to packet).
  public var otherFormats: [AudioFormat] = []
  /// Payload type of telephone events to the peer (RFC 4733), nil when not agreed.
  public var sendEventPayloadType: UInt8?
  /// Payload type of telephone events from the peer, nil when not agreed.
  public var receiveEventPayloadType: UInt8?
  /// Milliseconds of audio in our packets.
  public var packetTime: Int
  /// Who sends, seen from us.
  public var direction: MediaDirection
  /// Whether the peer gave 0.0.0.0, the old hold: nothing may be sent.
  public var isUnroutable: Bool

  /// The codec of a packet from the peer, nil when its payload type was not agreed on for audio. Allocates nothing.
  public func codec(ofReceived payloadType: UInt8) -> AudioCodec? {
    if payloadType == receivePayloadType { return codec }
    var index = 0
    while index < otherFormats.count {
      if otherFormats[index].payloadType == payloadType { return otherFormats[index].codec }
      index += 1
    }
    return nil
  }

  /// Whether the peer put us on hold: it does not want our audio.
  public var isHeldByRemote: Bool { !direction.sends }
}
