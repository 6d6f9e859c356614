import Core
import Foundation
import NIOCore
import Signalling
import Telephony
import Testing

/// A call of ours that has reached the test's phone.
struct Placed: Sendable {
  let rig: Rig
  let phone: DatagramPeer
  let rtp: DatagramPeer
  let line: SIPLine
  let events: Mailbox<LineEvent>
  let invite: Message

  /// The phone's response to the INVITE; with its audio when that is wanted.
  func respond(_ status: String, speaks: Bool = false, _ lines: [String] = []) async throws {
    let contact = "Contact: <sip:alice@127.0.0.1:\(phone.port)>"
    try await phone.send(
      invite.answer(status, tag: "callee", [contact] + lines, body: speaks ? Dial.sdp(port: rtp.port) : ""), to: rig)
  }

  /// Answers, and takes the ACK.
  func connect() async throws -> Message {
    try await respond("200 OK", speaks: true)
    let ack = try await phone.next()
    #expect(ack.method == "ACK")
    #expect(await events.next() == .connected)
    return ack
  }

  /// A request of the phone in the dialog.
  func send(_ method: String, _ number: Int, body: String = "") async throws {
    let text = Dial(id: "callee", port: phone.port, server: rig.name).request(method, number, body: body)
    var lines = text.components(separatedBy: "\r\n")
    for (index, line) in lines.enumerated() {
      if line.hasPrefix("From:") { lines[index] = "From: \(invite["To"] ?? "");tag=callee" }
      if line.hasPrefix("To:") { lines[index] = "To: \(invite["From"] ?? "")" }
      if line.hasPrefix("Call-ID:") { lines[index] = "Call-ID: \(invite["Call-ID"] ?? "")" }
    }
    try await phone.send(lines.joined(separator: "\r\n"), to: rig)
  }

  /// What can be done with the call's audio.
  var talk: Talk {
    Talk(
      rig: rig, phone: phone, dial: Dial(id: "callee", port: phone.port, server: rig.name), line: line, events: events,
      answer: invite, rtp: rtp, rtcp: rtp)
  }
}

extension Rig {
  /// Calls `support`, which is the phone.
  func place(_ phone: DatagramPeer, ringTimeout: CallSpan = .seconds(60)) async throws -> Placed {
    let events = Mailbox<LineEvent>()
    let rtp = try await socket()
    let line = try await endpoint.dial(
      DialRequest(to: "support", ringTimeout: ringTimeout), on: Rig.loops.media.next()
    ) { if $0 != .moved { events.put($0) } }
    return Placed(
      rig: self, phone: phone, rtp: rtp, line: line, events: events, invite: try await phone.next())
  }
}

/// Runs a test against an endpoint that may call one phone, and that nobody may call.
func withPhone(
  _ change: (inout TelephonyConfiguration) -> Void = { _ in }, _ body: (Rig, DatagramPeer) async throws -> Void
) async throws {
  let phone = try await DatagramPeer.open()
  try await withRig {
    $0.trusted = []
    $0.places = ["support": Place(SIPURI(user: "alice", host: "127.0.0.1", port: UInt16(phone.port)))]
    change(&$0)
  } _: {
    try await body($0, phone)
  }
  try await phone.channel.close()
}
