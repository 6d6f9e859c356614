extension RTCPPacket {
  /// The octets of a compound. The caller puts a report first and adds a description (RFC 3550 section 6.1); packets of
  /// type `other` are left out, at most 31 blocks or sources are written.
  public static func encode(_ packets: [RTCPPacket]) -> [UInt8] {
    var bytes: [UInt8] = []
    for packet in packets { packet.append(to: &bytes) }
    return bytes
  }

  private func append(to bytes: inout [UInt8]) {
    let start = bytes.count
    func head(_ count: Int, _ type: UInt8) { bytes += [0x80 | UInt8(count), type, 0, 0] }
    switch self {
    case .senderReport(let source, let info, let blocks):
      head(min(blocks.count, 31), 200)
      Self.add(source, to: &bytes)
      for word in [
        UInt32(info.ntp >> 32), UInt32(truncatingIfNeeded: info.ntp), info.timestamp, info.packets, info.octets,
      ] { Self.add(word, to: &bytes) }
      for block in blocks.prefix(31) { block.append(to: &bytes) }
    case .receiverReport(let source, let blocks):
      head(min(blocks.count, 31), 201)
      Self.add(source, to: &bytes)
      for block in blocks.prefix(31) { block.append(to: &bytes) }
    case .description(let source, let cname):
      head(1, 202)
      Self.add(source, to: &bytes)
      let text = Array(cname.utf8.prefix(255))
      bytes += [1, UInt8(text.count)] + text + [0]
      while (bytes.count - start) % 4 != 0 { bytes.append(0) }
    case .bye(let sources):
      head(min(sources.count, 31), 203)
      for source in sources.prefix(31) { Self.add(source, to: &bytes) }
    case .other: return
    }
    let words = (bytes.count - start) / 4 - 1
    bytes[start + 2] = UInt8(words >> 8)
    bytes[start + 3] = UInt8(words & 255)
  }

  fileprivate static func add(_ word: UInt32, to bytes: inout [UInt8]) {
    bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
  }
}

extension RTCPPacket.ReportBlock {
  fileprivate func append(to bytes: inout [UInt8]) {
    let lost = UInt32(fractionLost) << 24 | UInt32(bitPattern: cumulativeLost) & 0xFF_FFFF
    for word in [source, lost, highestSequence, jitter, lastSenderReport, delaySinceLast] {
      RTCPPacket.add(word, to: &bytes)
    }
  }
}
