internal import Foundation
internal import NIOCore

/// The process that holds a port of this machine, as `/proc` tells it to this user.
struct PortHolder: CustomStringConvertible {
  private let process: String
  private let name: String

  /// Such as `baresip (process 4711)`.
  var description: String { "\(name) (process \(process))" }

  /// Nil where it cannot be told: another user's, or one of another system.
  ///
  /// The kernel gives its tables in pieces, and whatever is closed between two of them hides something else: looked for thrice.
  static func find(_ transport: PortProbe.Transport, address: String, port: UInt16) -> PortHolder? {
    for _ in 0..<3 {
      if let found = look(transport, address: address, port: port) { return found }
    }
    return nil
  }

  private static func look(_ transport: PortProbe.Transport, address: String, port: UInt16) -> PortHolder? {
    let sockets = Set(inodes(transport, address: address, port: port).map { "socket:[\($0)]" })
    guard !sockets.isEmpty else { return nil }
    for process in entries("/proc") where process.allSatisfy(\.isNumber) {
      guard links(of: process).contains(where: sockets.contains) else { continue }
      let name = FileManager.default.contents(atPath: "/proc/\(process)/comm") ?? Data()
      return PortHolder(
        process: process, name: String(decoding: name, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }
    return nil
  }

  /// Whether the process has a file open.
  func hasOpen(_ path: String) -> Bool {
    let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    return Self.links(of: process).contains(path)
  }

  /// The numbers of the sockets that are bound there; in the format of proc(5), `/proc/net/tcp`.
  private static func inodes(_ transport: PortProbe.Transport, address: String, port: UInt16) -> [Substring] {
    let place = try? SocketAddress(ipAddress: address, port: 0)
    let family = transport == .udp ? "udp" : "tcp"
    let wanted = String(format: ":%04X", Int(port))
    return ["", "6"].flatMap { version -> [Substring] in
      let table = FileManager.default.contents(atPath: "/proc/net/\(family)\(version)") ?? Data()
      return String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst().compactMap { line in
        let fields = line.split(separator: " ")
        guard fields.count > 9, fields[1].hasSuffix(wanted), transport == .udp || fields[3] == "0A" else { return nil }
        let host = fields[1].prefix { $0 != ":" }
        guard
          version == "6" || place?.protocol != .inet || host == hexadecimal(address) || host.allSatisfy({ $0 == "0" })
            || address == "0.0.0.0"
        else { return nil }
        return fields[9]
      }
    }
  }

  /// An IPv4 address as the table has it: the octets from the last to the first.
  private static func hexadecimal(_ address: String) -> String {
    address.split(separator: ".").compactMap { UInt8($0) }.reversed().map { String(format: "%02X", Int($0)) }.joined()
  }

  private static func links(of process: String) -> Set<String> {
    Set(
      entries("/proc/\(process)/fd").compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\($0)")
      })
  }

  private static func entries(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }
}
