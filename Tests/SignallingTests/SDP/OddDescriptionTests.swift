import Testing

@testable import Signalling

/// Session descriptions as carriers and PBXs send them.
@Suite struct OddDescriptionTests {
  let local = LocalMedia(address: "198.51.100.2", port: 30_000, sessionID: 7)
  static func description(_ origin: String = "- 1 1", connection: String = "IN IP4 192.0.2.7", media: String) -> String
  {
    "v=0\r\no=\(origin) IN IP4 192.0.2.7\r\ns=-\r\nc=\(connection)\r\nt=0 0\r\n\(media)\r\n"
  }

  @Test(arguments: [
    "- 186703660184836076 8852312666465369533", "- 18446744073709551616 99999999999999999999999999999999999999",
    "- -3 -4",
    "John W. Doe 1 1", "- 0x1F2E a.b",
  ]) func `an origin of any digits is read`(_ origin: String) throws {
    let text = Self.description(origin, media: "m=audio 4000 RTP/AVP 0")
    #expect(try OfferAnswer.answer(SessionDescription(parsing: Array(text.utf8)), with: local).media.codec == .pcmu)
    let again = try SessionDescription(parsing: SessionDescription(parsing: Array(text.utf8)).encoded())
    #expect(origin.hasSuffix("\(again.origin.sessionID) \(again.origin.version)"), "kept as it came")
  }

  @Test func `the type of a connection is read without case`() throws {
    let text = Self.description(connection: "in ip4 192.0.2.7", media: "m=audio 4000 RTP/AVP 0")
    #expect(try SessionDescription(parsing: Array(text.utf8)).address == "192.0.2.7")
  }

  @Test func `feedback for a profile that we do not use is answered in that profile`() throws {
    let text = Self.description(media: "m=audio 4000 RTP/AVPF 0")
    let (answer, media) = try OfferAnswer.answer(SessionDescription(parsing: Array(text.utf8)), with: local)
    #expect(media.codec == .pcmu && answer.media[0].transport == "RTP/AVPF" && answer.media[0].port == 30_000)
  }

  @Test(arguments: [
    "IP4 224.2.1.1/127", "IP4 239.255.255.255", "IP4 255.255.255.255", "IP4 240.0.0.1", "IP4 0.0.0.1", "IP6 ff02::1",
    "IP6 ff0e::1/3",
    "IP6 ::ffff:224.0.0.1",
  ]) func `audio is not sent to many at once`(_ address: String) throws {
    let text = Self.description(connection: "IN \(address)", media: "m=audio 4000 RTP/AVP 0")
    let description = try SessionDescription(parsing: Array(text.utf8))
    #expect(throws: SignallingError(.notAcceptable, "no acceptable audio stream in the offer")) {
      try OfferAnswer.answer(description, with: local)
    }
    #expect(throws: SignallingError.self) {
      try OfferAnswer.accept(description, to: OfferAnswer.offer(local), local: local)
    }
    let other = text + "m=audio 4002 RTP/AVP 0\r\nc=IN IP4 192.0.2.9\r\n"
    let (answer, media) = try OfferAnswer.answer(SessionDescription(parsing: Array(other.utf8)), with: local)
    #expect(answer.media.map(\.port) == [0, 30_000] && media.remoteAddress == "192.0.2.9")
  }

  @Test func `all codecs of an answer to our offer are heard`() throws {
    let offer = OfferAnswer.offer(local)
    let text = Self.description(media: "m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000")
    let media = try OfferAnswer.accept(SessionDescription(parsing: Array(text.utf8)), to: offer, local: local)
    #expect(media.codec == .pcmu && media.sendPayloadType == 0)
    #expect([0, 8, 9].map { media.codec(ofReceived: $0) } == [.pcmu, .pcma, nil])
  }

  @Test func `an offer of several codecs is answered with one, which is heard`() throws {
    let text = Self.description(media: "m=audio 4000 RTP/AVP 120 0\r\na=rtpmap:120 PCMA/8000")
    let media = try OfferAnswer.answer(SessionDescription(parsing: Array(text.utf8)), with: local).media
    #expect([120, 0].map { media.codec(ofReceived: $0) } == [.pcma, nil])
  }

  @Test func `an answer that gives our codec another number is heard by ours and sent by theirs`() throws {
    let offer = OfferAnswer.offer(local)
    let text = Self.description(media: "m=audio 4000 RTP/AVP 120\r\na=rtpmap:120 PCMA/8000")
    let media = try OfferAnswer.accept(SessionDescription(parsing: Array(text.utf8)), to: offer, local: local)
    #expect(media.sendPayloadType == 120 && [8, 120].map { media.codec(ofReceived: $0) } == [.pcma, nil])
  }

  @Test(arguments: [64, 72, 80, 95]) func `keys of any payload type that was agreed are read`(_ type: UInt8) throws {
    let text = Self.description(media: "m=audio 4000 RTP/AVP 0 \(type)\r\na=rtpmap:\(type) telephone-event/8000")
    let (answer, media) = try OfferAnswer.answer(SessionDescription(parsing: Array(text.utf8)), with: local)
    #expect(media.receiveEventPayloadType == type && answer.media[0].formats == ["0", "\(type)"])
    let bytes: [UInt8] = [0x80, 0x80 | type, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 5, 0x0A, 0, 160]
    #expect(bytes.withUnsafeBytes { RTPHeader($0) }?.payloadType == type)
  }

  @Test(arguments: [("192.0.2.7", false), ("media.example.com", true), ("2001:db8::1", false)])
  func `a connection that is a name is known as one`(_ host: String, _ isName: Bool) throws {
    let text = Self.description(
      connection: "IN \(host.contains(":") ? "IP6" : "IP4") \(host)", media: "m=audio 4000 RTP/AVP 0")
    let description = try SessionDescription(parsing: Array(text.utf8))
    #expect(description.hostNames == (isName ? [host] : []))
    let resolved = description.resolved(["media.example.com": IPAddress("192.0.2.9")].compactMapValues { $0 })
    #expect(resolved.hostNames.isEmpty && (resolved.address == "192.0.2.9") == isName)
  }
}
