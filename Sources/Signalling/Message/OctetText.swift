/// Text of octets that may be no UTF-8 (Latin-1 from older gateways): every octet comes back as it came.
///
/// Octets of 128 and above of a line that is no UTF-8 stand as U+F780 to U+F7FF, of the private use area. A line that holds such
/// scalars itself is treated in the same way, so that nothing is ever mistaken for them.
enum OctetText {
  private static let base: UInt32 = 0xF700

  static func decode(_ bytes: ArraySlice<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !holdsStandIns(bytes) { return text }
    var text = String.UnicodeScalarView()
    for byte in bytes {
      let value = byte < 0x80 ? UInt32(byte) : base + UInt32(byte)
      if let scalar = Unicode.Scalar(value) { text.append(scalar) }
    }
    return String(text)
  }

  private static func holdsStandIns(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.indices.dropLast(2).contains { standIn(bytes, at: $0) != nil }
  }

  /// The octet that the three octets of a stand-in mean; nil where there is none.
  private static func standIn(_ bytes: ArraySlice<UInt8>, at index: Int) -> UInt8? {
    guard bytes[index] == 0xEF, index + 2 < bytes.endIndex, bytes[index + 1] == 0x9E || bytes[index + 1] == 0x9F else {
      return nil
    }
    return 0x80 | (bytes[index + 1] & 1) << 6 | bytes[index + 2] & 0x3F
  }

  /// The octets of a text that `decode` may have made.
  static func octets(_ text: some StringProtocol) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard bytes.contains(0xEF) else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if let octet = standIn(bytes[...], at: index) {
        result.append(octet)
        index += 3
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }
}
