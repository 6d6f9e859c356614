import Audio
import Core
import Telephony
import Testing

@Suite struct `Keys` {
  @Test func `inside the audio come once each, however often their packets do`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.pull(from: 0)
      let presses =
        Packet.press(4, 100, at: 8_000) + Packet.press(4, 106, at: 9_000) + Packet.press(11, 112, at: 10_000)
      try await talk.send(presses + presses.suffix(2) + [.sound(0x80, 20)])
      try await talk.until { $0.packetsReceived == 1 }
      #expect(try await talk.onLoop { port in (1...4).map { _ in port.nextKey() } } == ["4", "4", "#", nil])
      try await talk.pull(10, from: 20_000)
      #expect(try await talk.onLoop { $0.nextKey() } == nil)
    }
  }

  @Test func `whose end was lost come when their packets stop`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.pull(from: 0)
      try await talk.send(Array(Packet.press(7, 100, at: 8_000).prefix(2)) + [.sound(0x80, 3)])
      try await talk.until { $0.packetsReceived == 1 }
      #expect(try await talk.onLoop { $0.nextKey() } == nil)
      try await talk.pull(from: 20_000)
      #expect(try await talk.onLoop { $0.nextKey() } == "7")
    }
  }

  @Test func `of a new source are heard, whatever its clock says`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.pull(from: 0)
      try await talk.send(Packet.press(1, 100, at: 4_000_000))
      #expect(try await talk.key() == "1")
      // A PBX that takes over sends from another source, whose clock began elsewhere.
      try await talk.send(Packet.press(2, 500, at: 8_000, source: 0x0102_0304))
      #expect(try await talk.key() == "2")
      try await talk.send([.sound(0x80, 1, source: 0x0102_0304)])
      try await talk.until { $0.packetsReceived == 1 }
      #expect(try await talk.onLoop { $0.nextKey() } == nil)
    }
  }

  @Test func `from one source beside audio from another come once each`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.pull(from: 0)
      let other: UInt32 = 0x0102_0304
      let keys = Packet.press(3, 100, at: 8_000, source: other) + Packet.press(3, 106, at: 9_000, source: other)
      for (number, packet) in keys.enumerated() { try await talk.send([packet, .sound(0x80, number)]) }
      try await talk.until { $0.packetsReceived == 12 }
      #expect(try await talk.onLoop { port in (1...3).map { _ in port.nextKey() } } == ["3", "3", nil])
    }
  }

  @Test func `beyond a bound are dropped, so that nobody fills our memory`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.pull(from: 0)
      // In parts, each waited for: no more than a socket keeps for a loop that is busy.
      for part in 0..<10 {
        for number in 41 * part..<41 * part + 40 {
          let key = Packet.key(
            UInt8((number - part) % 10), number, at: UInt32(1_000 * (number + 1)), duration: 160, end: true)
          try await talk.send([key])
        }
        try await talk.send([.sound(0x80, 41 * part + 40)])
        try await talk.until { $0.packetsReceived == part + 1 }
      }
      let keys = try await talk.onLoop { port in (0..<60).compactMap { _ in port.nextKey() } }
      #expect(String(keys).hasPrefix("01234567890123456789"), "a second's worth at once")
      // What the sending took allows a few more; the rest waits nowhere.
      #expect(keys.count < 40)
      #expect(try await talk.onLoop { $0.report.keysRefused } > 200)
    }
  }

  @Test func `of a payload type that looks like a report's are heard where it was agreed on`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect(offer: { port, control in
        Dial.sdp(
          port: port, control: control, formats: "0 80", ["a=rtpmap:80 telephone-event/8000", "a=fmtp:80 0-15"])
      })
      try await talk.pull(from: 0)
      var presses = Packet.press(3, 100, at: 8_000) + Packet.press(11, 106, at: 12_000)
      for index in presses.indices {
        presses[index].type = 80
        // With the marker this is 208, among the numbers of reports.
        presses[index].marker = index % 6 == 0
      }
      // A real report on the port of audio is none of the stream's packets.
      var report = Packet.sound(0, 900)
      report.type = 72
      report.marker = true
      try await talk.send([report] + presses + [.sound(0x80, 20)])
      try await talk.until { $0.packetsReceived == 1 }
      #expect(try await talk.onLoop { port in (1...3).map { _ in port.nextKey() } } == ["3", "#", nil])
    }
  }

  @Test(arguments: [true, false])
  func `sent on both ways for one press come once`(infoIsFirst: Bool) async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.pull(from: 0)
      for (number, key) in [1, 1, 5].enumerated() {
        let press = Packet.press(UInt8(key), 100 + 6 * number, at: UInt32(8_000 + 1_000 * number))
        let sound = number + 1
        func byAudio() async throws {
          try await talk.send(press + [.sound(0x80, 20 + number)])
          try await talk.until { $0.packetsReceived == sound }
        }
        if !infoIsFirst { try await byAudio() }
        try await talk.send("INFO", 2 + number, type: "application/dtmf-relay", body: "Signal=\(key)\r\n")
        #expect(try await talk.phone.next().status == 200)
        try await rig.settle()
        if infoIsFirst { try await byAudio() }
      }
      let byAudio = try await talk.onLoop { port in (1...4).compactMap { _ in port.nextKey() } }
      let byInfo = talk.events.waiting
      #expect(byAudio == (infoIsFirst ? [] : ["1", "1", "5"]))
      #expect(byInfo == (infoIsFirst ? [.digit("1"), .digit("1"), .digit("5")] : []))
      #expect(try await talk.onLoop { $0.report.keysRepeated } == 3)
    }
  }

  @Test func `by INFO are bounded as those inside the audio`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      var refused = 0
      for number in 0..<30 {
        try await talk.send("INFO", 2 + number, type: "application/dtmf", body: "\(number % 10)")
        let status = try await talk.phone.next().status
        if status == 503 { refused += 1 } else { #expect(status == 200) }
      }
      try await rig.settle()
      // Nobody knows how long thirty messages took; each was heard or refused, and at least a second's worth was heard.
      refused += try await talk.onLoop { $0.report.keysRefused }
      #expect(talk.events.waiting.count + refused == 30 && talk.events.waiting.count >= 20)
    }
  }

  static let infos: [(String, String, Int, String?)] = [
    ("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", 200, "5"), ("application/dtmf", "#", 200, "#"),
    ("application/dtmf-relay", "Signal=10\r\n", 200, "*"), ("application/dtmf-relay", "Signal=55\r\n", 400, nil),
    ("text/plain", "5", 415, nil),
  ]

  @Test(arguments: infos)
  func `beside the audio come by INFO`(_ type: String, _ body: String, _ status: Int, _ key: String?) async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.send("INFO", 2, type: type, body: body)
      #expect(try await talk.phone.next().status == status)
      if let key { #expect(await talk.events.next() == .digit(key)) }
      try await talk.send("BYE", 3)
      #expect(await talk.events.next() == .ended(by: .caller), "and nothing else before")
    }
  }
}
