import Core
import Foundation
import NIOCore
import Signalling
import Telephony
import TestSupport
import Testing

extension Peers {
  /// Baresip answers by itself, plays a tone as its microphone and records what it hears.
  @Suite struct `A call to baresip` {
    private struct Phone {
      let child: Child
      let folder: TemporaryFolder
      let control: Int

      /// An order by its control port, as a netstring of JSON.
      func order(_ command: String) async throws {
        let text = "{\"command\":\"\(command)\"}"
        let stream = try await StreamPeer.connect(to: "127.0.0.1", control)
        try await stream.send("\(text.utf8.count):\(text),")
        _ = try await stream.chunk()
        try await stream.channel.close()
      }

      /// How many seconds of what it heard are no silence.
      var heard: Double {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix("-dec.wav") }.map { name in
          let data = (try? Data(contentsOf: URL(filePath: folder.path + "/" + name))) ?? Data()
          let samples = stride(from: 44, to: max(44, data.count - 1), by: 2).map {
            Int16(bitPattern: UInt16(data[$0]) | UInt16(data[$0 + 1]) << 8)
          }
          let loud = stride(from: 0, to: samples.count, by: 160).count { start in
            samples[start..<min(start + 160, samples.count)].contains { abs(Int($0)) > 2_000 }
          }
          return Double(loud) / 50
        }.max() ?? 0
      }
    }

    private func withPhone(_ body: (Rig, Phone) async throws -> Void) async throws {
      let ports = try await Rig.freePorts(12, "127.0.0.1")
      let port = Int(ports.lowerBound)
      let folder = try TemporaryFolder([
        "accounts": "<sip:alice@127.0.0.1:\(port)>;regint=0;answermode=auto;audio_codecs=pcmu\n", "contacts": "",
        "config": """
        sip_listen 127.0.0.1:\(port)
        net_interface 127.0.0.1
        rtp_ports \(port + 2)-\(port + 9)
        audio_path /usr/share/baresip
        audio_source aufile,tone.wav
        audio_player aufile,player.wav
        audio_alert aufile,/dev/null
        ausrc_srate 8000
        auplay_srate 8000
        jitter_buffer_delay 2-10
        module_path /usr/lib/baresip/modules
        module g711.so
        module aufile.so
        module sndfile.so
        module_tmp uuid.so
        module_tmp account.so
        module_app auloop.so
        module_app menu.so
        module_app ctrl_tcp.so
        ctrl_tcp_listen 127.0.0.1:\(port + 10)
        snd_path .

        """,
      ])
      try folder.write("tone.wav", Self.tone(seconds: 60))
      let child = try Child(["baresip", "-f", folder.path], in: folder.path)
      try await child.prints("baresip is ready")
      let phone = Phone(child: child, folder: folder, control: port + 10)
      try await withRig {
        $0.trusted = []
        $0.places = ["support": Place(SIPURI(user: "alice", host: "127.0.0.1", port: UInt16(port)))]
      } _: { rig in
        try await body(rig, phone)
      }
      child.stop()
      #expect(await child.status() == 0, "\(child.output)")
    }

    /// 500 Hz at 8,000 samples a second, as a WAV file.
    private static func tone(seconds: Int) -> Data {
      func little<Number: FixedWidthInteger>(_ number: Number) -> Data {
        withUnsafeBytes(of: number.littleEndian) { Data($0) }
      }
      let samples = (0..<8_000 * seconds).map { Int16(8_000 * sin(2 * .pi * 500 * Double($0) / 8_000)) }
      let body = samples.reduce(into: Data(capacity: samples.count * 2)) { $0 += little($1) }
      return Data("RIFF".utf8) + little(UInt32(36 + body.count)) + Data("WAVEfmt ".utf8) + little(UInt32(16))
        + little(UInt16(1)) + little(UInt16(1)) + little(UInt32(8_000)) + little(UInt32(16_000)) + little(UInt16(2))
        + little(UInt16(16)) + Data("data".utf8) + little(UInt32(body.count)) + body
    }

    @Test func `is heard at both ends, and ended by us`() async throws {
      try await withPhone { rig, phone in
        let call = try await rig.call()
        await call.tells(.ringing)
        await call.tells(.connected)
        try await phone.child.prints("Call established")
        #expect(try await Voice.converse(on: call.line, until: 100))
        call.line.hangUp()
        await call.tells(.ended(by: .agent))
        try await phone.child.prints("terminated")
        #expect(phone.heard > 1)
      }
    }

    @Test func `is ended by baresip`() async throws {
      try await withPhone { rig, phone in
        let call = try await rig.call()
        await call.tells(.ringing)
        await call.tells(.connected)
        #expect(try await Voice.converse(on: call.line, until: 50))
        try await phone.order("hangup")
        await call.tells(.ended(by: .person))
        try await phone.child.prints("terminated")
        #expect(phone.heard > 0.5)
      }
    }
  }
}
