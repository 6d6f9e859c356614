import Foundation
import Testing

@testable import Telephony

/// Requests that are legal, and that we do not serve or cannot: whoever sends one is told so.
@Suite struct `A request that is not served` {
  /// What is sent, and which answer it gets, with what its fields say.
  struct Case: Sendable, CustomTestStringConvertible {
    var method: String
    var status: Int
    var change: @Sendable (String) -> String = { $0 }
    var lines: [String] = []
    var type = "application/sdp"
    var body = ""
    var tag: String?
    var fields: [String: String] = [:]
    var testDescription: String { "\(method) \(status) \(lines) \(type) \(tag ?? "")" }
  }

  static let offer = Dial.sdp(port: 9_000)

  static let outside: [Case] =
    ["SUBSCRIBE", "MESSAGE", "REFER", "PUBLISH", "PRACK", "REGISTER"].map {
      Case(method: $0, status: 405, fields: ["Allow": "INVITE"])
    } + ["DANCE", "invite"].map { Case(method: $0, status: 501, fields: ["Allow": "INVITE"]) }
    + ["BYE", "INFO", "UPDATE", "NOTIFY", "CANCEL"].flatMap { method in
      [Case(method: method, status: 481), Case(method: method, status: 481, tag: "unknown")]
    } + [
      Case(method: "INVITE", status: 481, body: offer, tag: "unknown"),
      Case(method: "OPTIONS", status: 481, tag: "unknown"),
      Case(
        method: "INVITE", status: 420, lines: ["Require: timer, weird", "Require: replaces"], body: offer,
        fields: ["Unsupported": "weird, replaces"]),
      Case(method: "OPTIONS", status: 420, lines: ["Require: weird"], fields: ["Unsupported": "weird"]),
      Case(method: "INVITE", status: 100, lines: ["Require: 100rel", "Proxy-Require: weird"], body: offer),
      Case(method: "INVITE", status: 416, change: { $0.replacing("INVITE sip:", with: "INVITE http:") }, body: offer),
      Case(method: "INVITE", status: 416, change: { $0.replacing("INVITE sip:", with: "INVITE sips:") }, body: offer),
      Case(
        method: "INVITE", status: 415, type: "application/xml", body: "<a/>", fields: ["Accept": "application/sdp"]),
      Case(
        method: "INVITE", status: 415, lines: ["Content-Encoding: gzip"], body: offer,
        fields: ["Accept-Encoding": "identity"]),
      Case(method: "INVITE", status: 406, lines: ["Accept: text/plain"], body: offer),
      Case(
        method: "INVITE", status: 422, lines: ["Supported: timer", "Session-Expires: 30"], body: offer,
        fields: ["Min-SE": "90"]),
      Case(method: "INVITE", status: 400, change: withoutContact, body: offer),
      // The request has arrived: only a proxy may not pass it on (RFC 3261 section 16.3).
      Case(method: "INVITE", status: 100, change: { $0.replacing("Forwards: 70", with: "Forwards: 0") }, body: offer),
      Case(method: "OPTIONS", status: 200, change: { $0.replacing("Forwards: 70", with: "Forwards: 0") }),
      Case(method: "INVITE", status: 100, change: withoutForwards, body: offer),
      Case(method: "INVITE", status: 400, change: { $0.replacing("Forwards: 70", with: "Forwards: x") }, body: offer),
    ]

  @Sendable static func withoutContact(_ text: String) -> String { without("Contact", text) }
  @Sendable static func withoutForwards(_ text: String) -> String { without("Max-Forwards", text) }
  static func without(_ name: String, _ text: String) -> String {
    text.components(separatedBy: "\r\n").filter { !$0.hasPrefix(name) }.joined(separator: "\r\n")
  }

  static func check(_ answer: Message, _ it: Case) {
    #expect(answer.status == it.status, "\(answer.start)")
    for (name, value) in it.fields {
      #expect(answer[name]?.contains(value) == true, "\(name): \(answer[name] ?? "none")")
    }
    #expect(answer.status == 100 || answer.tag?.isEmpty == false, "an answer has a tag of ours")
  }

  @Test(arguments: outside) func `gets the answer that says why`(_ it: Case) async throws {
    try await withRig { rig in
      let phone = try await rig.socket()
      let dial = Dial(id: "odd", port: phone.port, server: rig.name)
      let text = dial.request(it.method, 7, tag: it.tag, it.lines, type: it.type, body: it.body)
      try await phone.send(it.change(text), to: rig)
      Self.check(try await phone.next(), it)
    }
  }

  static let inside: [Case] =
    ["SUBSCRIBE", "MESSAGE", "REFER", "PUBLISH", "PRACK"].map {
      Case(method: $0, status: 405, fields: ["Allow": "INVITE"])
    } + [
      Case(method: "DANCE", status: 501, fields: ["Allow": "INVITE"]), Case(method: "OPTIONS", status: 200),
      Case(method: "INFO", status: 200),
      Case(method: "INFO", status: 415, type: "application/xml", body: "<a/>", fields: ["Accept": "dtmf"]),
      Case(method: "INFO", status: 420, lines: ["Require: weird"], fields: ["Unsupported": "weird"]),
      Case(method: "INVITE", status: 415, type: "application/xml", body: "<a/>", fields: ["Accept": "sdp"]),
      Case(method: "UPDATE", status: 415, type: "application/xml", body: "<a/>", fields: ["Accept": "sdp"]),
      Case(method: "BYE", status: 420, lines: ["Require: weird"], fields: ["Unsupported": "weird"]),
      Case(method: "CANCEL", status: 481), Case(method: "NOTIFY", status: 489, lines: ["Event: presence"]),
      Case(method: "UPDATE", status: 200), Case(method: "BYE", status: 200),
    ]

  @Test(arguments: inside) func `in a call gets the answer that says why`(_ it: Case) async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.send(it.method, 7, it.lines, type: it.type, body: it.body)
      Self.check(try await talk.phone.next(), it)
    }
  }
}
