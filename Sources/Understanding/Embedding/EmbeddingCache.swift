internal import Crypto
internal import FoundationEssentials

/// Vectors of example sentences on disk, one small file each, named by the hash of model and text. Losing it costs time only.
public struct EmbeddingCache: Sendable {
  private let folder: String

  /// A cache in a folder of its own, made when first written to. Sentences of callers do not belong in it.
  public init(folder: String) { self.folder = folder }

  /// The vector of a text under a model, or nil when there is none or the file is damaged.
  func vector(of text: String, model: String) -> [Float]? {
    guard let data = FileManager.default.contents(atPath: path(text, model)), data.count > 4, data.count % 4 == 0 else {
      return nil
    }
    var floats = [Float](repeating: 0, count: data.count / 4)
    for index in floats.indices {
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[data.startIndex + index * 4 + $1]) << UInt32(8 * $1) }
      floats[index] = Float(bitPattern: bits)
    }
    return floats.allSatisfy(\.isFinite) ? floats : nil
  }

  /// Keeps a vector. A failure to write is not an error: the vector is computed again next time.
  func store(_ vector: [Float], of text: String, model: String) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(vector.count * 4)
    for value in vector {
      for shift in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * shift))) }
    }
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? Data(bytes).write(to: URL(filePath: path(text, model)), options: .atomic)
  }

  private func path(_ text: String, _ model: String) -> String {
    let digest = SHA256.hash(data: Data((model + "\u{0}" + text).utf8))
    return folder + "/" + digest.prefix(20).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + ".f32"
  }
}
