import TestSupport
import Testing

@testable import Signalling

@Suite struct OfferAnswerTests {
  let local = LocalMedia(address: "198.51.100.2", port: 30_000, sessionID: 7)

  func answer(_ text: String, local: LocalMedia? = nil) throws -> (answer: SessionDescription, media: NegotiatedMedia) {
    try OfferAnswer.answer(SessionDescription(parsing: Array(text.utf8)), with: local ?? self.local)
  }

  @Test func `the answer keeps payload types, order of lines and the offer's preference`() throws {
    let text =
      Samples.offer.replacing("101", with: "96").replacing(
        "m=audio 18000", with: "m=video 9000 RTP/AVP 97\r\nm=audio 18000")
      + "m=audio 19000 RTP/AVP 0\r\n"
    let (answer, media) = try answer(text)
    #expect(media.codec == .pcma)
    #expect(media.remoteAddress == "192.0.2.7" && media.remotePort == 18_000 && media.remoteControlPort == 18_001)
    #expect(media.sendEventPayloadType == 96 && media.direction == .sendrecv)
    let written = String(decoding: answer.encoded(), as: UTF8.self)
    #expect(
      written == """
        v=0\r
        o=- 7 1 IN IP4 198.51.100.2\r
        s=-\r
        c=IN IP4 198.51.100.2\r
        t=0 0\r
        m=video 0 RTP/AVP 97\r
        m=audio 30000 RTP/AVP 8 96\r
        a=rtpmap:8 PCMA/8000\r
        a=rtpmap:96 telephone-event/8000\r
        a=fmtp:96 0-15\r
        a=ptime:20\r
        a=sendrecv\r
        m=audio 0 RTP/AVP 0\r

        """)
  }

  @Test(arguments: [
    ("a=sendonly", "192.0.2.7", MediaDirection.recvonly), ("a=recvonly", "192.0.2.7", .sendonly),
    ("a=inactive", "192.0.2.7", .inactive), ("a=sendrecv", "0.0.0.0", .recvonly), ("a=sendonly", "0.0.0.0", .recvonly),
    ("a=recvonly", "0.0.0.0", .inactive), ("a=x", "192.0.2.7", .sendrecv), ("a=sendrecv", "::", .recvonly),
  ]) func `hold in all its forms`(_ attribute: String, _ address: String, _ ours: MediaDirection) throws {
    let text = Samples.offer.replacing("a=sendrecv", with: attribute)
      .replacing("c=IN IP4 192.0.2.7", with: "c=IN \(address == "::" ? "IP6" : "IP4") \(address)")
    let (answer, media) = try answer(text)
    #expect(media.direction == ours)
    #expect(answer.media[0].attributes.contains(SDPAttribute(ours.rawValue)))
    #expect(media.isUnroutable == (address != "192.0.2.7"))
    #expect(media.isHeldByRemote == !ours.sends)
  }

  @Test func `session direction holds for the stream and our wish restricts it`() throws {
    var local = self.local
    local.direction = .recvonly
    let text = Samples.offer.replacing("a=sendrecv\r\n", with: "").replacing("t=0 0", with: "t=0 0\r\na=recvonly")
    #expect(try answer(text).media.direction == .sendonly)
    #expect(try answer(text, local: local).media.direction == .inactive)
  }

  @Test func `static types need no map and dynamic ones are followed`() throws {
    let head = "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
    #expect(try answer(head + "m=audio 4000 RTP/AVP 18 0\r\n").media.codec == .pcmu)
    let dynamic = try answer(head + "m=audio 4000/2 RTP/AVP 120\r\na=rtpmap:120 pcma/8000/1\r\n").media
    #expect(dynamic.codec == .pcma && dynamic.sendPayloadType == 120 && dynamic.sendEventPayloadType == nil)
  }

  @Test(arguments: [
    "m=audio 4000 RTP/AVP 18\r\n", "m=audio 0 RTP/AVP 0\r\n", "m=video 4000 RTP/AVP 0\r\n",
    "m=audio 4000 RTP/SAVP 0\r\n",
    "", "m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 opus/48000/2\r\n",
  ]) func `offers without an audio stream of ours are not acceptable`(_ media: String) {
    let head = "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
    let error = #expect(throws: SignallingError.self) { try answer(head + media) }
    #expect(error?.kind == .notAcceptable)
  }

  @Test func `our own offer and its answer agree`() throws {
    let offer = OfferAnswer.offer(local)
    let peer = LocalMedia(address: "192.0.2.3", port: 4_000, sessionID: 9)
    let theirs = try OfferAnswer.answer(SessionDescription(parsing: offer.encoded()), with: peer)
    let media = try OfferAnswer.accept(theirs.answer, to: offer, local: local)
    #expect(media.codec == .pcmu && media.remotePort == 4_000 && media.receiveEventPayloadType == 101)
    var refused = theirs.answer
    refused.media[0].port = 0
    #expect(throws: SignallingError.self) { try OfferAnswer.accept(refused, to: offer, local: local) }
    refused.media = []
    #expect(throws: SignallingError.self) { try OfferAnswer.accept(refused, to: offer, local: local) }
  }

  @Test(arguments: [
    "", "o=- 1 1 IN IP4 h\r\n", "v=1\r\no=- 1 1 IN IP4 h\r\n", "v=0\r\n", "v=0\r\no=- 1 IN IP4 h\r\n",
    "v=0\r\no=- 1 1 IN IP4 h\r\nm=audio x RTP/AVP 0\r\n", "v=0\r\no=- 1 1 IN IP4 h\r\nm=audio 70000 RTP/AVP 0\r\n",
    "v=0\r\no=- 1 1 IN IP4 h\r\nc=IN IPX 1\r\n", "v=0\r\nnonsense\r\n",
  ]) func `broken descriptions are errors`(_ text: String) {
    #expect(throws: SignallingError.self) { try SessionDescription(parsing: Array(text.utf8)) }
  }

  @Test func `mutated descriptions never trap and round trip`() throws {
    var generator = Seeded(3)
    let seed = Array(Samples.offer.utf8)
    var parsed = 0
    for _ in 0..<1_500 {
      guard let description = try? SessionDescription(parsing: generator.mutated(seed)) else { continue }
      parsed += 1
      let again = try? SessionDescription(parsing: description.encoded())
      #expect(again?.media.count == description.media.count)
      if let result = try? OfferAnswer.answer(description, with: local) {
        #expect(result.answer.media.count == description.media.count)
        #expect(result.answer.media.count { $0.port != 0 } == 1)
      }
    }
    #expect(parsed > 50)
  }
}
