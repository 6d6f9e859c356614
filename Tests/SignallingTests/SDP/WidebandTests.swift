import Testing

@testable import Signalling

/// G.722 beside the telephone's own codecs.
@Suite struct WidebandTests {
  static func local(_ codecs: [AudioCodec] = AudioCodec.allCases) -> LocalMedia {
    var local = LocalMedia(address: "198.51.100.2", port: 30_000, sessionID: 7)
    local.codecs = codecs
    return local
  }

  static func answer(
    _ media: String, _ codecs: [AudioCodec] = AudioCodec.allCases
  ) throws -> (answer: SessionDescription, media: NegotiatedMedia) {
    let text = OddDescriptionTests.description(media: media)
    return try OfferAnswer.answer(SessionDescription(parsing: Array(text.utf8)), with: local(codecs))
  }

  @Test(arguments: [
    "m=audio 4000 RTP/AVP 0 8 9 101\r\na=rtpmap:101 telephone-event/8000",
    "m=audio 4000 RTP/AVP 9 0 101\r\na=rtpmap:9 g722/8000",
  ]) func `is taken where both sides have it, wherever it stands in the offer`(_ media: String) throws {
    let (answer, agreed) = try Self.answer(media)
    #expect(agreed.codec == .g722 && agreed.sendPayloadType == 9 && agreed.otherFormats.isEmpty)
    #expect(answer.media[0].formats.first == "9" && !answer.media[0].formats.contains("0"))
    #expect(
      answer.media[0].attributes.contains(SDPAttribute("rtpmap", "9 G722/8000")), "not 16000, whatever it samples at")
  }

  @Test func `has the number that the offer gives it`() throws {
    let agreed = try Self.answer("m=audio 4000 RTP/AVP 0 96\r\na=rtpmap:96 G722/8000").media
    #expect(agreed.codec == .g722 && agreed.sendPayloadType == 96 && agreed.receivePayloadType == 96)
    // A clock that no G.722 has is no G.722.
    #expect(try Self.answer("m=audio 4000 RTP/AVP 9 0\r\na=rtpmap:9 G722/16000").media.codec == .pcmu)
  }

  @Test func `is not taken where it is not allowed`() throws {
    #expect(try Self.answer("m=audio 4000 RTP/AVP 9 8 0", [.pcmu, .pcma]).media.codec == .pcma)
    #expect(throws: SignallingError.self) { try Self.answer("m=audio 4000 RTP/AVP 9", [.pcmu, .pcma]) }
    #expect(try Self.answer("m=audio 4000 RTP/AVP 0 9", [.g722]).media.codec == .g722)
  }

  @Test func `is offered first, and of an answer the peer's order counts`() throws {
    let offer = OfferAnswer.offer(Self.local())
    #expect(offer.media[0].formats == ["9", "0", "8", "101"])
    #expect(offer.media[0].attributes.contains(SDPAttribute("rtpmap", "9 G722/8000")))
    for (formats, codec, others) in [
      ("9 0", AudioCodec.g722, [AudioCodec.pcmu]), ("0 9", .pcmu, [.g722]), ("8", .pcma, []), ("9", .g722, []),
    ] {
      let text = OddDescriptionTests.description(media: "m=audio 4000 RTP/AVP \(formats)")
      let media = try OfferAnswer.accept(
        SessionDescription(parsing: Array(text.utf8)), to: offer, local: Self.local())
      #expect(media.codec == codec && media.otherFormats.map(\.codec) == others)
    }
  }
}
