public import Core
import Crypto
import FoundationEssentials

/// The key that makes a change the same change, however often it is asked for.
public enum IdempotencyKey {
  /// HMAC-SHA256 under the server's key over conversation, flow activation, tool and canonical arguments in clear, as 64
  /// lower-case hexadecimal digits. A pure function: the same request of the same activation has the same key in every
  /// process, a deliberate second one (another activation) has another, and the key tells nothing of the arguments.
  ///
  /// Each part is preceded by its length in bytes, so no two requests have the same bytes.
  public static func derive(
    serverKey: [UInt8], conversation: ConversationID, activation: FlowActivation, tool: ActionName,
    arguments: [String: JSONValue]
  ) -> String {
    // Arguments are JSON values already, and numbers among them are finite: encoding them does not fail.
    let canonical = (try? CanonicalJSON.encode(arguments)) ?? Data()
    return code(
      serverKey,
      [Data(conversation.rawValue.utf8), Data(activation.description.utf8), Data(tool.rawValue.utf8), canonical])
  }

  /// The key of a tool whose author says what makes two requests of a conversation one: `parts` in clear stand in place of
  /// activation and arguments. It never equals a key of the other kind.
  public static func derive(
    serverKey: [UInt8], conversation: ConversationID, tool: ActionName, parts: [String]
  ) -> String {
    code(
      serverKey,
      [Data(conversation.rawValue.utf8), Data("author".utf8), Data(tool.rawValue.utf8)] + parts.map { Data($0.utf8) })
  }

  private static func code(_ serverKey: [UInt8], _ parts: [Data]) -> String {
    var code = HMAC<SHA256>(key: SymmetricKey(data: serverKey))
    for part in parts {
      code.update(data: Data("\(part.count) ".utf8))
      code.update(data: part)
    }
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: code.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
