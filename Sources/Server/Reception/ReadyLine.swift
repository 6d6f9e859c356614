internal import Core
internal import Foundation
internal import Signalling

/// What a start prints on standard output when calls are taken: one line of JSON for programs, and who may call.
struct ReadyLine {
  let configuration: ServerConfiguration
  let port: UInt16
  let assistants: [AssistantVersion]
  let started: ContinuousClock.Instant

  /// An address that can be called: nobody calls the one that stands for all.
  var callable: String {
    let sip = configuration.sip
    let address = sip.advertised ?? sip.listener.address
    guard let number = IPAddress(address) else { return address }
    guard number.isUnspecified else { return Self.written(address) }
    return address.contains(":") ? "[::1]" : "127.0.0.1"
  }

  private static func written(_ address: String) -> String { address.contains(":") ? "[\(address)]" : address }

  func print() {
    let sip = configuration.sip
    let number = configuration.numbers.keys.sorted().first { $0 != "*" } ?? assistants.first?.name ?? "agent"
    let fields: [String: String] = [
      "event": "ready", "sip": "sip:\(number)@\(callable):\(port)",
      "http": "http://\(configuration.http.address):\(configuration.http.port)",
      "journal": StorageFloor.path(configuration), "assistants": assistants.map(\.description).joined(separator: " "),
      "who_may_call": sip.users.isEmpty
        ? "addresses \(sip.trusted.joined(separator: ", ")) without password; all others are dropped"
        : "addresses \(sip.trusted.joined(separator: ", ")) without password; users \(sip.users.keys.sorted().joined(separator: ", ")) by digest",
      "ready_after_ms": String(Int((ContinuousClock.now - started) / .milliseconds(1))),
    ]
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard var bytes = try? encoder.encode(fields) else { return }
    bytes.append(0x0A)
    FileHandle.standardOutput.write(bytes)
  }
}
