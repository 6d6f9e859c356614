import Core
import Crypto
import FoundationEssentials

/// Names persons by what a tenant knows them by, without telling it: HMAC-SHA256 over tenant and value under a key that the master key gives,
/// its first 128 bits. Who has the database alone can neither read a value from it nor try values.
struct PersonPseudonym: Sendable {
  private let key: SymmetricKey

  init(_ master: MasterKey) { key = SymmetricKey(data: master.derived(for: "person")) }

  func person(_ value: String, of tenant: TenantID) -> PersonID {
    var code = HMAC<SHA256>(key: key)
    code.update(data: Data("\(tenant.rawValue.utf8.count) \(tenant)".utf8))
    code.update(data: Data(value.utf8))
    return PersonID(Hexadecimal.text(code.finalize().prefix(16)))
  }
}
