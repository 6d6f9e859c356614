/// Offer and answer for one audio stream (RFC 3264). Pure functions.
public enum OfferAnswer {
  /// Payload type of telephone events in our own offers.
  static let eventPayloadType: UInt8 = 101

  /// Answers an offer: the first audio stream with a codec of ours is taken, all others are refused with port 0.
  /// - Throws: `.notAcceptable`, to be answered with 488.
  public static func answer(
    _ offer: SessionDescription, with local: LocalMedia
  ) throws(SignallingError) -> (answer: SessionDescription, media: NegotiatedMedia) {
    var answer = SessionDescription(
      origin: origin(local), address: local.address)
    var agreed: NegotiatedMedia?
    for stream in offer.media {
      guard agreed == nil, let media = agreement(stream, of: offer, allowed: local.codecs, prefersWideband: true) else {
        answer.media.append(
          MediaDescription(kind: stream.kind, port: 0, transport: stream.transport, formats: stream.formats))
        continue
      }
      var ours = media
      ours.direction = restricted(media.direction, by: local.direction)
      // Our answer names one codec.
      ours.otherFormats = []
      answer.media.append(block(for: ours, transport: stream.transport, local: local))
      agreed = ours
    }
    guard let agreed else { throw SignallingError(.notAcceptable, "no acceptable audio stream in the offer") }
    return (answer, agreed)
  }

  /// Our own offer, for an INVITE that came without one.
  public static func offer(_ local: LocalMedia) -> SessionDescription {
    var formats = local.codecs.map { String($0.staticPayloadType) }
    var attributes = local.codecs.map {
      SDPAttribute("rtpmap", "\($0.staticPayloadType) \($0.rawValue)/\($0.clockRate)")
    }
    formats.append(String(eventPayloadType))
    attributes += eventAttributes(eventPayloadType)
    attributes += [SDPAttribute("ptime", "20"), SDPAttribute(local.direction.rawValue)]
    return SessionDescription(
      origin: origin(local), address: local.address,
      media: [
        MediaDescription(
          kind: "audio", port: local.port, transport: "RTP/AVP", formats: formats, attributes: attributes)
      ])
  }

  /// Reads the answer to our own offer.
  /// - Throws: `.answerMismatch` when the answer has another number of streams or no codec of ours; `.notAcceptable`
  ///   when the peer refused the stream.
  public static func accept(
    _ answer: SessionDescription, to offer: SessionDescription, local: LocalMedia
  ) throws(SignallingError) -> NegotiatedMedia {
    guard answer.media.count == offer.media.count, let stream = answer.media.first else {
      throw SignallingError(.answerMismatch, "answer has another number of streams")
    }
    guard stream.port != 0 else { throw SignallingError(.notAcceptable, "the peer refused the stream") }
    guard var media = agreement(stream, of: answer, allowed: local.codecs, prefersWideband: false) else {
      throw SignallingError(.answerMismatch, "no codec of the offer in the answer")
    }
    media.receivePayloadType = media.codec.staticPayloadType
    // The peer sends by the numbers of our offer.
    media.otherFormats = media.otherFormats.map {
      AudioFormat(payloadType: $0.codec.staticPayloadType, codec: $0.codec)
    }
    if media.receiveEventPayloadType != nil { media.receiveEventPayloadType = eventPayloadType }
    media.direction = restricted(media.direction, by: local.direction)
    return media
  }

  private static func restricted(_ direction: MediaDirection, by ours: MediaDirection) -> MediaDirection {
    MediaDirection(sends: direction.sends && ours.sends, receives: direction.receives && ours.receives)
  }

  /// What we can agree to in a stream of the other side, before our own wishes; nil when nothing.
  private static func agreement(
    _ stream: MediaDescription, of description: SessionDescription, allowed: [AudioCodec], prefersWideband: Bool
  ) -> NegotiatedMedia? {
    // A profile with feedback is answered in kind (RFC 4585 section 4); none is asked for and none sent.
    guard stream.kind == "audio", stream.port != 0, ["RTP/AVP", "RTP/AVPF"].contains(stream.transport),
      let address = stream.address ?? description.address
    else { return nil }
    let remote = IPAddress(address)
    // A group, a broadcast and what is nobody's are no place for a call; no address at all is the old hold.
    guard remote.map({ $0.namesHost || $0.isUnspecified }) ?? true else { return nil }
    var formats: [AudioFormat] = []
    var event: UInt8?
    for format in stream.formats {
      guard let number = format.decimal(upTo: 127).map({ UInt8($0) }), let mapping = mapping(number, in: stream) else {
        continue
      }
      if let found = allowed.first(where: { mapping.equalsIgnoringCase($0.rawValue) }) {
        formats.append(AudioFormat(payloadType: number, codec: found))
      } else if event == nil, mapping.equalsIgnoringCase("telephone-event") {
        event = number
      }
    }
    let wideband = prefersWideband ? formats.first { $0.codec.isWideband } : nil
    guard let chosen = wideband ?? formats.first else { return nil }
    let session = description.attributes.lazy.compactMap { MediaDirection(rawValue: $0.name) }.first
    var theirs = stream.direction ?? session ?? .sendrecv
    let unroutable = remote?.isUnspecified ?? false
    if unroutable { theirs = MediaDirection(sends: theirs.sends, receives: false) }
    let control = stream.value("rtcp")?.split(separator: " ").first?.decimal(upTo: 65_535).map { UInt16($0) }
    let longest = stream.value("maxptime")?.decimal(upTo: 1_000).map { Int($0) } ?? 20
    return NegotiatedMedia(
      remoteAddress: address, remotePort: stream.port, remoteControlPort: control ?? stream.port &+ 1,
      codec: chosen.codec,
      sendPayloadType: chosen.payloadType, receivePayloadType: chosen.payloadType,
      otherFormats: formats.filter { $0.codec != chosen.codec }, sendEventPayloadType: event,
      receiveEventPayloadType: event,
      packetTime: longest >= 20 ? 20 : 10, direction: theirs.reversed, isUnroutable: unroutable)
  }

  /// The codec name of a payload type with a clock of 8000: from its `rtpmap`, else from the static table.
  private static func mapping(_ number: UInt8, in stream: MediaDescription) -> String? {
    for attribute in stream.attributes where attribute.name == "rtpmap" {
      guard let parts = attribute.value?.split(separator: " ", maxSplits: 1), parts.count == 2,
        parts[0].decimal(upTo: 127) == UInt64(number)
      else { continue }
      let fields = parts[1].split(separator: "/").map { $0.trimmed }
      guard fields.count >= 2, fields[1] == "8000", fields.count == 2 || fields[2] == "1" else { return nil }
      return fields[0]
    }
    return AudioCodec.allCases.first { $0.staticPayloadType == number }?.rawValue
  }

  private static func origin(_ local: LocalMedia) -> SessionDescription.Origin {
    .init(sessionID: String(local.sessionID), version: String(local.version), address: local.address)
  }

  private static func block(for media: NegotiatedMedia, transport: String, local: LocalMedia) -> MediaDescription {
    var formats = [String(media.receivePayloadType)]
    var attributes = [
      SDPAttribute("rtpmap", "\(media.receivePayloadType) \(media.codec.rawValue)/\(media.codec.clockRate)")
    ]
    if let event = media.receiveEventPayloadType {
      formats.append(String(event))
      attributes += eventAttributes(event)
    }
    attributes += [SDPAttribute("ptime", String(media.packetTime)), SDPAttribute(media.direction.rawValue)]
    return MediaDescription(
      kind: "audio", port: local.port, transport: transport, formats: formats, attributes: attributes)
  }

  private static func eventAttributes(_ number: UInt8) -> [SDPAttribute] {
    [SDPAttribute("rtpmap", "\(number) telephone-event/8000"), SDPAttribute("fmtp", "\(number) 0-15")]
  }
}
