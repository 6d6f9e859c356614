import NIOCore
import Signalling
import Testing

@testable import Telephony

/// One address sends far more than it may, over real sockets.
@Suite struct `An address that floods` {
  /// Sends many of a kind, and returns when the endpoint has read them or turned them away.
  static func flood(_ rig: Rig, _ phone: DatagramPeer, _ method: String, _ count: Int) async throws {
    let before = try await rig.endpoint.refusals()["rate"] ?? 0
    for number in 1...count {
      let dial = Dial(id: "\(method)-\(number)", port: phone.port, server: rig.name)
      try await phone.send(dial.request(method, body: Dial.sdp(port: 9_000)), to: rig)
      if number.isMultiple(of: 50) { try await rig.settle() }
    }
    try await rig.settle()
    #expect(try await rig.endpoint.refusals()["rate"] ?? 0 > before, "\(method) was no flood")
  }

  @Test func `may still call, is told when its calls are too many, and keeps those it has`() async throws {
    try await withRig({ $0.trustedRate = RequestRate(perSecond: 1, burst: 20) }) { rig in
      let talk = try await rig.connect()
      let flooder = try await rig.socket()
      try await Self.flood(rig, flooder, "OPTIONS", 100)
      let phone = try await rig.socket()
      try await phone.send(
        Dial(id: "late", port: phone.port, server: rig.name).request("INVITE", body: Dial.sdp(port: 9_000)), to: rig)
      #expect(try await phone.next().status == 100)
      try await Self.flood(rig, flooder, "INVITE", 100)
      let refused = flooder.arrivals.waiting.map { Message($0.bytes) }.filter {
        $0.status == 503 && $0["CSeq"]?.hasSuffix("INVITE") == true && $0["Retry-After"] == "10"
      }
      #expect(!refused.isEmpty)
      try await talk.send("INFO", 2, type: "application/dtmf-relay", body: "Signal=5\r\nDuration=160\r\n")
      #expect(try await talk.phone.next().status == 200)
      try await talk.send("BYE", 3)
      #expect(try await talk.phone.next().status == 200)
    }
  }

  @Test(arguments: ["OPTIONS", "INVITE", "NOISE"])
  func `is read for calls that are there, though nothing else of it is read`(_ method: String) async throws {
    try await withRig({ $0.gate.known = RequestRate(perSecond: 1, burst: 20) }) { rig in
      let talk = try await rig.connect()
      let flooder = try await rig.socket()
      try await Self.flood(rig, flooder, method, 100)
      try await talk.send("BYE", 2)
      #expect(try await talk.phone.next().status == 200)
    }
  }

  @Test func `of octets may still call`() async throws {
    try await withRig({ $0.gate.knownOctets = RequestRate(perSecond: 1, burst: 20_000) }) { rig in
      let flooder = try await rig.socket()
      try await Self.flood(rig, flooder, "OPTIONS", 100)
      let talk = try await rig.connect()
      try await talk.send("BYE", 2)
      #expect(try await talk.phone.next().status == 200)
    }
  }
}
