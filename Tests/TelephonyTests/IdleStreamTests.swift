import Core
import NIOCore
import Signalling
import Testing

@testable import Telephony

/// Connections that do nothing, and floods over one of several.
@Suite struct `Streams of one source` {
  private static func dial(_ id: String, _ phone: StreamPeer, _ rig: Rig) -> Dial {
    Dial(id: id, transport: "TCP", port: phone.port, server: rig.name)
  }

  @Test(arguments: ["", "\r\n\r\n", "OPTIONS sip:a SIP/2.0\r\nVia: "])
  func `that bring no message end soon, also of who is known, and those that did stay`(_ text: String) async throws {
    try await withRig({ configuration in
      configuration.streams.check = .milliseconds(20)
      configuration.streams.first = .milliseconds(300)
    }) { rig in
      // On a busy machine the time of the first may be over before it has said anything.
      var useful: StreamPeer?
      while useful == nil {
        let phone = try await rig.stream()
        try? await phone.send(Self.dial("useful", phone, rig).request("OPTIONS"))
        if try await phone.next()?.status == 200 { useful = phone }
      }
      let silent = try await rig.stream()
      try? await silent.send(text)
      while case let chunk = try await silent.chunk(), !chunk.isEmpty {}
      let phone = try #require(useful)
      try await phone.send(Self.dial("again", phone, rig).request("OPTIONS", 2))
      #expect(try await phone.next()?.status == 200)
    }
  }

  @Test func `make room for a new one, but for that of a call`() async throws {
    try await withRig({ configuration in
      configuration.streams.ofKnown = 2
      configuration.streams.first = .milliseconds(100)
      configuration.streams.check = .seconds(3_600)
    }) { rig in
      let calling = try await rig.stream()
      try await calling.send(Self.dial("call", calling, rig).request("INVITE", body: Dial.sdp(port: 9_000)))
      #expect(try await calling.next()?.status == 100)
      let idle = try await rig.stream()
      try await idle.send(Self.dial("idle", idle, rig).request("OPTIONS"))
      #expect(try await idle.next()?.status == 200)
      #expect(try await rig.streamWithRoom() != nil)
      #expect(try await idle.next() == nil)
      try await rig.arrival().line.reject(.overloaded)
      #expect(try await calling.next()?.status == 503)
    }
  }

  @Test func `share no octets of another kind with one that floods`() async throws {
    try await withRig({ $0.gate.knownOctets = RequestRate(perSecond: 1, burst: 20_000) }) { rig in
      let flood = try await rig.stream()
      let phone = try await rig.stream()
      let text = (1...200).map { Self.dial("flood", flood, rig).request("OPTIONS", $0) }.joined()
      flood.channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
      while try await flood.next() != nil {}
      let dial = Self.dial("call", phone, rig)
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)))
      #expect(try await phone.next()?.status == 100)
      _ = try await rig.arrival()
      let talk = try await rig.connect()
      try await talk.send("BYE", 2)
      #expect(try await talk.phone.next().status == 200)
    }
  }

  @Test func `pay for what is no message too`() async throws {
    try await withRig({ $0.gate.knownOctets = RequestRate(perSecond: 1, burst: 20_000) }) { rig in
      let flood = try await rig.stream()
      flood.channel.writeAndFlush(ByteBuffer(string: String(repeating: "\r\n", count: 20_001)), promise: nil)
      while case let chunk = try await flood.chunk(), !chunk.isEmpty {}
      #expect(try await rig.endpoint.refusals()["rate"] ?? 0 > 0)
    }
  }
}
