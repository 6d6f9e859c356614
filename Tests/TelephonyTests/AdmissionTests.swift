import Core
import Crypto
import Foundation
import NIOCore
import Signalling
import Testing

@testable import Telephony

@Suite struct `Who may call` {
  static let users = ["1001": Sensitive(token: SensitiveToken(label: .secret, id: "pw"), value: "correct horse")]

  static func md5(_ text: String) -> String {
    Insecure.MD5.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
  }

  /// RFC 7616 section 3.4.1, computed here.
  static func authorization(_ challenge: Message, user: String, password: String, uri: String) -> String {
    let realm = challenge.parameter("realm", of: "WWW-Authenticate") ?? ""
    let nonce = challenge.parameter("nonce", of: "WWW-Authenticate") ?? ""
    let (first, second) = (md5("\(user):\(realm):\(password)"), md5("INVITE:\(uri)"))
    let response = md5("\(first):\(nonce):00000001:0a4f113b:auth:\(second)")
    return "Authorization: Digest username=\"\(user)\", realm=\"\(realm)\", nonce=\"\(nonce)\", uri=\"\(uri)\", "
      + "response=\"\(response)\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"0a4f113b\""
  }

  @Test func `is nobody from outside the list, who gets no answer at all`() async throws {
    try await withRig { rig in
      let stranger = try await rig.socket("127.0.0.2")
      let dial = Dial(id: "stranger", host: "127.0.0.2", port: stranger.port, server: rig.name)
      let invite = dial.request("INVITE", body: Dial.sdp(host: "127.0.0.2", port: 9_000))
      for text in [invite, dial.request("OPTIONS", 2), invite.replacing("CSeq: 1", with: "CSeq: x")] {
        try await stranger.send(text, to: rig)
      }
      // The whole ones are traced; the broken one came between them and this.
      let phone = try await rig.socket()
      try await phone.send(Dial(id: "known", port: phone.port, server: rig.name).request("OPTIONS"), to: rig)
      #expect(try await phone.next().status == 200)
      #expect(try await rig.endpoint.refusals() == ["stranger": 2, "malformed": 1])
      #expect(rig.log.waiting.filter { $0.direction == .sent }.count == 1)
      #expect(rig.arrivals.waiting.isEmpty && stranger.arrivals.waiting.isEmpty)
    }
  }

  @Test func `is a stranger who proves a user's password, once for each challenge`() async throws {
    try await withRig({ $0.users = Self.users }) { rig in
      let stranger = try await rig.socket("127.0.0.2")
      let dial = Dial(id: "one", host: "127.0.0.2", port: stranger.port, server: rig.name)
      let offer = Dial.sdp(host: "127.0.0.2", port: 9_000)
      let uri = "sip:shop@\(rig.name)"
      func invite(_ number: Int, _ lines: [String] = []) async throws -> Message {
        try await stranger.send(dial.request("INVITE", number, lines, body: offer), to: rig)
        let answer = try await stranger.next()
        if answer.status > 100 {
          try await stranger.send(dial.request("ACK", number, tag: answer.tag), to: rig)
        }
        return answer
      }
      let first = try await invite(1)
      #expect(first.status == 401 && first.parameter("realm", of: "WWW-Authenticate") == "repartee")
      #expect(first.parameter("algorithm", of: "WWW-Authenticate") == "MD5")
      let second = try await invite(
        2, [Self.authorization(first, user: "1001", password: "wrong horse", uri: uri)])
      #expect(second.status == 401)
      let unknown = try await invite(
        3, [Self.authorization(second, user: "1002", password: "correct horse", uri: uri)])
      #expect(unknown.status == 401)
      #expect(rig.arrivals.waiting.isEmpty)
      let right = Self.authorization(unknown, user: "1001", password: "correct horse", uri: uri)
      #expect(try await invite(4, [right]).status == 100)
      #expect(try await rig.arrival().callID == "one@caller.invalid")
      #expect(try await rig.endpoint.refusals() == ["authentication": 2])
      let again = Dial(id: "replay", host: "127.0.0.2", port: stranger.port, server: rig.name)
      try await stranger.send(again.request("INVITE", 1, [right], body: offer), to: rig)
      #expect(try await stranger.next().status == 401, "an answer is good for one request")
    }
  }

  @Test func `is a stranger at a bounded rate, beyond which nothing is answered`() async throws {
    try await withRig({ $0.users = Self.users }) { rig in
      let stranger = try await rig.socket("127.0.0.2")
      for number in 1...60 {
        let dial = Dial(id: "s\(number)", host: "127.0.0.2", port: stranger.port, server: rig.name)
        try await stranger.send(dial.request("OPTIONS"), to: rig)
      }
      var (received, sent) = (0, 0)
      while received < 60, let one = await rig.log.next() {
        if one.direction == .received { received += 1 } else { sent += 1 }
      }
      let refused = try await rig.endpoint.refusals()["rate"] ?? 0
      sent += rig.log.waiting.count
      // 20 at once and 5 a second.
      #expect((20..<50).contains(sent) && sent + refused == 60, "\(sent) answered, \(refused) refused")
      let phone = try await rig.socket()
      try await phone.send(Dial(id: "known", port: phone.port, server: rig.name).request("OPTIONS"), to: rig)
      #expect(try await phone.next().status == 200, "the bound is each source's own")
    }
  }

  @Test func `is also who is known at a bounded rate, beyond which no datagram is read`() async throws {
    try await withRig({ $0.gate.known = RequestRate(perSecond: 1, burst: 10) }) { rig in
      let phone = try await rig.socket()
      for number in 1...30 {
        let dial = Dial(id: "k\(number)", port: phone.port, server: rig.name)
        try await phone.send(dial.request("OPTIONS"), to: rig)
      }
      var (read, refused) = (0, 0)
      let end = NIODeadline.now() + .minutes(2)
      while read + refused < 30, NIODeadline.now() < end {
        refused = try await rig.endpoint.refusals()["rate"] ?? 0
        read = rig.log.waiting.count { $0.direction == .received }
      }
      #expect(read >= 10 && refused > 0 && read + refused == 30, "\(read) read, \(refused) refused")
    }
  }

  @Test func `is a stranger of few octets, beyond which no datagram is read`() async throws {
    try await withRig({
      $0.users = Self.users
      $0.gate.strangerOctets = RequestRate(perSecond: 1, burst: 5_000)
    }) { rig in
      let stranger = try await rig.socket("127.0.0.2")
      for number in 1...15 {
        let dial = Dial(id: "s\(number)", host: "127.0.0.2", port: stranger.port, server: rig.name)
        let long = dial.request("OPTIONS", 1, ["X: " + String(repeating: "x", count: 2_000)])
        try await stranger.send(long, to: rig)
      }
      // Comes behind them on the same socket, and within its own bound.
      let phone = try await rig.socket()
      try await phone.send(Dial(id: "known", port: phone.port, server: rig.name).request("OPTIONS"), to: rig)
      #expect(try await phone.next().status == 200)
      #expect(try await rig.endpoint.refusals()["rate"] == 13)
    }
  }

  @Test func `is no stranger any more once a call of theirs was let in`() async throws {
    try await withRig({
      $0.users = Self.users
      $0.gate.stranger = RequestRate(perSecond: 1, burst: 3)
    }) { rig in
      let caller = try await rig.socket("127.0.0.2")
      let dial = Dial(id: "one", host: "127.0.0.2", port: caller.port, server: rig.name)
      let offer = Dial.sdp(host: "127.0.0.2", port: 9_000)
      try await caller.send(dial.request("INVITE", 1, body: offer), to: rig)
      let challenge = try await caller.next()
      try await caller.send(dial.request("ACK", 1, tag: challenge.tag), to: rig)
      let proof = Self.authorization(
        challenge, user: "1001", password: "correct horse", uri: "sip:shop@\(rig.name)")
      try await caller.send(dial.request("INVITE", 2, [proof], body: offer), to: rig)
      _ = try await rig.arrival()
      for number in 1...10 {
        let other = Dial(id: "o\(number)", host: "127.0.0.2", port: caller.port, server: rig.name)
        try await caller.send(other.request("OPTIONS"), to: rig)
      }
      try await rig.settle()
      #expect(try await rig.endpoint.refusals()["rate"] == nil)
    }
  }

  @Test func `is one caller less than the bound allows, others get 503`() async throws {
    try await withRig({ $0.maximumCalls = 1 }) { rig in
      let talk = try await rig.connect()
      let phone = try await rig.socket()
      var dial = Dial(id: "two", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)), to: rig)
      let busy = try await phone.next()
      #expect(busy.status == 503 && busy["Retry-After"] == "10")
      try await phone.send(dial.request("ACK", tag: busy.tag), to: rig)
      #expect(try await rig.endpoint.refusals() == ["capacity": 1])
      try await talk.send("BYE", 2)
      #expect(try await talk.phone.next().status == 200)
      dial.id = "three"
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)), to: rig)
      #expect(try await phone.next().status == 100)
    }
  }

  @Test func `is nobody at an address that has its share of calls, and others still`() async throws {
    try await withRig({ configuration in
      configuration.shares = CallShares(of: 2)
      configuration.trusted.append(contentsOf: [AddressRange("127.0.0.2")].compactMap { $0 })
    }) { rig in
      _ = try await rig.connect()
      let phone = try await rig.socket()
      try await phone.send(
        Dial(id: "two", port: phone.port, server: rig.name).request("INVITE", body: Dial.sdp(port: 9_000)), to: rig)
      let busy = try await phone.next()
      #expect(busy.status == 486 && busy["Retry-After"] == "10" && busy.tag != nil)
      #expect(try await rig.endpoint.refusals() == ["share": 1])
      let other = try await rig.socket("127.0.0.2")
      let dial = Dial(id: "three", host: "127.0.0.2", port: other.port, server: rig.name)
      try await other.send(dial.request("INVITE", body: Dial.sdp(host: "127.0.0.2", port: 9_000)), to: rig)
      #expect(try await other.next().status == 100)
    }
  }

  @Test func `is nobody without a free port for audio`() async throws {
    try await withRig(calls: 1) { rig in
      _ = try await rig.connect()
      let phone = try await rig.socket()
      let dial = Dial(id: "two", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)), to: rig)
      #expect(try await phone.next().status == 100)
      let answer = try await phone.next()
      #expect(answer.status == 503 && answer["Retry-After"] == "10")
      #expect(rig.arrivals.waiting.isEmpty)
    }
  }

  @Test func `is nobody new while we drain, and whoever is in a call stays`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      rig.endpoint.drain(true)
      try await rig.settle()
      let phone = try await rig.socket()
      let dial = Dial(id: "two", port: phone.port, server: rig.name)
      for number in 1...2 {
        let method = number == 1 ? "INVITE" : "OPTIONS"
        try await phone.send(dial.request(method, number, body: Dial.sdp(port: 9_000)), to: rig)
        let answer = try await phone.next()
        #expect(answer.status == 503 && answer["Retry-After"] == "10", "\(method)")
      }
      try await talk.send("OPTIONS", 2)
      #expect(try await talk.phone.next().status == 200)
      rig.endpoint.drain(false)
      try await rig.settle()
      try await phone.send(dial.request("OPTIONS", 3), to: rig)
      let answer = try await phone.next()
      #expect(answer.status == 200 && answer.number == 3)
    }
  }

  @Test func `learns from OPTIONS what is understood`() async throws {
    try await withRig { rig in
      let phone = try await rig.socket()
      try await phone.send(Dial(id: "one", port: phone.port, server: rig.name).request("OPTIONS"), to: rig)
      let answer = try await phone.next()
      #expect(
        answer.status == 200 && answer.tag?.isEmpty == false && answer["Accept"] == "application/sdp, multipart/mixed")
      #expect(answer["Allow"]?.contains("INVITE") == true && answer["Allow"]?.contains("CANCEL") == true)
    }
  }

  @Test func `finds broken and oversized datagrams answered or dropped, and the rest served`() async throws {
    try await withRig { rig in
      let phone = try await rig.socket()
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      let long = Dial.sdp(port: 9_000, (1...400).map { "a=x-\($0):" + String(repeating: "y", count: 60) })
      let whole = dial.request("INVITE", 1, body: long)
      #expect(whole.utf8.count > 20_000)
      let cases = [
        String(repeating: "noise ", count: 10_000),
        "\r\n\r\n",
        dial.request("OPTIONS", 2, ["X: " + String(repeating: "a", count: 9_000)]),
        dial.request("OPTIONS", 3, (1...200).map { "X-\($0): 1" }),
        whole,
        dial.request("INVITE", 5, body: Dial.sdp(port: 9_000)).replacing("\r\n\r\n", with: "\r\n"),
        dial.request("INVITE", 6).replacing("Content-Length: 0", with: "Content-Length: 9"),
        dial.request("INVITE", 7).replacing("SIP/2.0\r\nVia", with: "SIP/3.0\r\nVia"),
        dial.request("DANCE", 8),
        dial.request("OPTIONS", 9),
      ]
      for text in cases { try await phone.send(text, to: rig) }
      var found: [Int: Int] = [:]
      while found[9] == nil {
        let answer = try await phone.next()
        found[answer.number] = answer.status
      }
      #expect(found == [1: 513, 2: 513, 3: 513, 5: 400, 6: 400, 7: 505, 8: 501, 9: 200])
      #expect(rig.arrivals.waiting.isEmpty)
    }
  }
}
