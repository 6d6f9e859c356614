import NIOCore
import Telephony
import Testing

@Suite struct `A stream` {
  private static func dial(_ id: String, _ phone: StreamPeer, _ rig: Rig) -> Dial {
    Dial(id: id, transport: "TCP", port: phone.port, server: rig.name)
  }

  @Test(arguments: [1, 7, 64])
  func `is cut into messages by Content-Length, whatever its pieces`(_ size: Int) async throws {
    try await withRig { rig in
      let phone = try await rig.stream()
      let dial = Self.dial("one", phone, rig)
      let text = dial.request("INVITE", body: Dial.sdp(port: 9_000)) + dial.request("OPTIONS", 2)
      let bytes = Array(text.utf8)
      for start in stride(from: 0, to: bytes.count, by: size) {
        let piece = bytes[start..<min(start + size, bytes.count)]
        try await phone.channel.writeAndFlush(ByteBuffer(bytes: piece))
      }
      #expect(try await phone.next()?["CSeq"] == "1 INVITE")
      #expect(try await phone.next()?["CSeq"] == "2 OPTIONS")
      #expect(try await rig.arrival().callID == "one@caller.invalid")
    }
  }

  @Test func `with several messages in one piece serves them all, in order`() async throws {
    try await withRig { rig in
      let phone = try await rig.stream()
      let dial = Self.dial("one", phone, rig)
      let half = dial.request("OPTIONS", 4)
      let middle = half.index(half.startIndex, offsetBy: half.count / 2)
      let piece = (1...3).map { dial.request("OPTIONS", $0, type: "text/plain", body: "a body\r\n\r\nin parts") }
      try await phone.send(piece.joined() + half[..<middle])
      for number in 1...3 { #expect(try await phone.next()?["CSeq"] == "\(number) OPTIONS") }
      try await phone.send(String(half[middle...]))
      #expect(try await phone.next()?["CSeq"] == "4 OPTIONS")
    }
  }

  @Test func `is kept alive by CRLF`() async throws {
    try await withRig { rig in
      let phone = try await rig.stream()
      try await phone.send("\r\n\r\n")
      #expect(try await phone.chunk() == [13, 10])
      try await phone.send("\r\n" + Self.dial("one", phone, rig).request("OPTIONS"))
      #expect(try await phone.next()?.status == 200)
    }
  }

  @Test func `survives a message that is broken but whole`() async throws {
    try await withRig { rig in
      let phone = try await rig.stream()
      let dial = Self.dial("one", phone, rig)
      let broken = dial.request("OPTIONS", 1).replacing("CSeq: 1 OPTIONS", with: "CSeq: 1 BYE")
      try await phone.send(broken + dial.request("OPTIONS", 2))
      #expect(try await phone.next()?.status == 400)
      #expect(try await phone.next()?.status == 200)
      #expect(try await rig.endpoint.refusals() == ["malformed": 1])
    }
  }

  @Test func `that tells no length is told so before it is closed`() async throws {
    try await withRig { rig in
      let phone = try await rig.stream()
      let request = Self.dial("one", phone, rig).request("OPTIONS").replacing("Content-Length: 0\r\n", with: "")
      try await phone.send(request)
      let answer = try #require(try await phone.next())
      #expect(answer.status == 400 && answer.text.hasPrefix("SIP/2.0 400 Bad Request (no Content-Length)"))
      #expect(try await phone.chunk() == [])
    }
  }

  static let floods: [(String, String)] = [
    ("a length beyond the bound", "OPTIONS sip:shop@a.invalid SIP/2.0\r\nContent-Length: 65537\r\n\r\n"),
    ("a length that is none", "OPTIONS sip:shop@a.invalid SIP/2.0\r\nContent-Length: many\r\n\r\n"),
    ("no length", "OPTIONS sip:shop@a.invalid SIP/2.0\r\nMax-Forwards: 70\r\n\r\n"),
    ("two lengths", "OPTIONS sip:shop@a.invalid SIP/2.0\r\nContent-Length: 0\r\nl: 5\r\n\r\n"),
    ("a header without end", "OPTIONS sip:shop@a.invalid SIP/2.0\r\nX: " + String(repeating: "a", count: 70_000)),
    ("too many lines", "OPTIONS sip:a SIP/2.0\r\n" + String(repeating: "X: 1\r\n", count: 200) + "\r\n"),
  ]

  @Test(arguments: floods)
  func `that cannot be cut is closed, and others are served`(_ name: String, _ text: String) async throws {
    try await withRig { rig in
      let (bad, good) = (try await rig.stream(), try await rig.stream())
      // The end of the stream may come while the rest of the flood is still being written.
      bad.channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
      #expect(try await bad.chunk() == [], "\(name)")
      try await good.send(Self.dial("good", good, rig).request("OPTIONS"))
      #expect(try await good.next()?.status == 200)
    }
  }
}
