BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE audit (
	seq INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	event VARCHAR(64) NOT NULL, 
	subject VARCHAR(200) NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (seq)
);
INSERT INTO "audit" VALUES(1,'40786893765f9b4505a795698e011ffd627c48f272c115df1f6a83ae4b1209bb','2026-03-01T08:00:00.000000Z','person_added','pe_c857de8b8c65e375','{"actor":"operator","at":"2026-03-01T08:00:00.000000Z","data":{"legal":false,"level":"c-level","name":"Reem","token_digest":"5b76035073e6d2bb6f398e3790e7739f11ac0bc01801c144dab1852b832b65f6","token_id":"27183b37642737fc"},"event":"person_added","hash":"40786893765f9b4505a795698e011ffd627c48f272c115df1f6a83ae4b1209bb","previous":"0000000000000000000000000000000000000000000000000000000000000000","schema_version":1,"seq":1,"subject":"pe_c857de8b8c65e375"}');
INSERT INTO "audit" VALUES(2,'a247c6598e692179a3bed113de0183e8dc5d834abcc74590f132d3cd9a2b9d31','2026-03-01T08:00:00.000000Z','person_added','pe_f02747f9c8c0c2f7','{"actor":"operator","at":"2026-03-01T08:00:00.000000Z","data":{"legal":false,"level":"director","name":"Dana","token_digest":"95c5b6e1b45d7b8d9d41262fb66cb853dc6f40651888cb6f13ee1ee57641afd4","token_id":"28b666e313573762"},"event":"person_added","hash":"a247c6598e692179a3bed113de0183e8dc5d834abcc74590f132d3cd9a2b9d31","previous":"40786893765f9b4505a795698e011ffd627c48f272c115df1f6a83ae4b1209bb","schema_version":1,"seq":2,"subject":"pe_f02747f9c8c0c2f7"}');
INSERT INTO "audit" VALUES(3,'5ed9544b33144dd0d1f5183faddc2349a62bc514f6519ea19b9cfccb38cd2341','2026-03-01T08:00:00.000000Z','person_added','pe_00ca915a4232bb3d','{"actor":"operator","at":"2026-03-01T08:00:00.000000Z","data":{"legal":false,"level":"c-level","name":"Salem","token_digest":"27360033c42e57b3a12668b437bee7bc8cb44c34d8c9b00aae74faf3055937b0","token_id":"b889fe7698f4751e"},"event":"person_added","hash":"5ed9544b33144dd0d1f5183faddc2349a62bc514f6519ea19b9cfccb38cd2341","previous":"a247c6598e692179a3bed113de0183e8dc5d834abcc74590f132d3cd9a2b9d31","schema_version":1,"seq":3,"subject":"pe_00ca915a4232bb3d"}');
INSERT INTO "audit" VALUES(4,'e698936c6414c73698becd75ece1eac7716a504c9c0cfb2b5fe0bf12bddcfcdb','2026-03-01T08:00:00.000000Z','person_added','pe_ff3ed1a2884cf9c1','{"actor":"operator","at":"2026-03-01T08:00:00.000000Z","data":{"legal":true,"level":"manager","name":"Layla","token_digest":"6f8f5c0abc4ef80cefcd2161037d1fd0194c28f90df31b925a15c78c60c70946","token_id":"9624c205c85886cf"},"event":"person_added","hash":"e698936c6414c73698becd75ece1eac7716a504c9c0cfb2b5fe0bf12bddcfcdb","previous":"5ed9544b33144dd0d1f5183faddc2349a62bc514f6519ea19b9cfccb38cd2341","schema_version":1,"seq":4,"subject":"pe_ff3ed1a2884cf9c1"}');
INSERT INTO "audit" VALUES(5,'fb77343fdb5f755e249355fabdf839d94a7f79f72a9a14dd8749dedf54350832','2026-03-01T08:00:00.000000Z','commitment_proposed','cm_7ee1b66dd9b1e32ae60a0b8c','{"actor":"pe_c857de8b8c65e375","at":"2026-03-01T08:00:00.000000Z","data":{"action":"issue_term_sheet","digest":"7ee1b66dd9b1e32ae60a0b8cc2ddb92d96bc23f1bb9156176f534eab0ee39ebc","document_id":"ts_one","document_version":1,"policy":"approval-policy 1","required":["director"],"thread_id":"thread-1"},"event":"commitment_proposed","hash":"fb77343fdb5f755e249355fabdf839d94a7f79f72a9a14dd8749dedf54350832","previous":"e698936c6414c73698becd75ece1eac7716a504c9c0cfb2b5fe0bf12bddcfcdb","schema_version":1,"seq":5,"subject":"cm_7ee1b66dd9b1e32ae60a0b8c"}');
INSERT INTO "audit" VALUES(6,'7d6367f5acfa5a5679121226fb7e0bbaf2996a3eb5d691525b1bb35eea73d7e1','2026-03-01T09:00:00.000000Z','commitment_approved','cm_7ee1b66dd9b1e32ae60a0b8c','{"actor":"pe_f02747f9c8c0c2f7","at":"2026-03-01T09:00:00.000000Z","data":{"decision_digest":"ba34b8b00275c1622587024113d6c0de34fd4d62002aad2bf3d8dc7e721566e8","decision_id":"de_31608c680fc75c60f15a2783","digest":"7ee1b66dd9b1e32ae60a0b8cc2ddb92d96bc23f1bb9156176f534eab0ee39ebc","legal":false,"level":"director"},"event":"commitment_approved","hash":"7d6367f5acfa5a5679121226fb7e0bbaf2996a3eb5d691525b1bb35eea73d7e1","previous":"fb77343fdb5f755e249355fabdf839d94a7f79f72a9a14dd8749dedf54350832","schema_version":1,"seq":6,"subject":"cm_7ee1b66dd9b1e32ae60a0b8c"}');
INSERT INTO "audit" VALUES(7,'dc9f37a2ec7b6481046bc9a38ba7aa01b39daa0af2226ce6749ae2d56d9d51fd','2026-03-01T09:01:00.000000Z','commitment_committed','cm_7ee1b66dd9b1e32ae60a0b8c','{"actor":"partnership-os","at":"2026-03-01T09:01:00.000000Z","data":{"approved_by":["pe_f02747f9c8c0c2f7"],"digest":"7ee1b66dd9b1e32ae60a0b8cc2ddb92d96bc23f1bb9156176f534eab0ee39ebc","entry_digest":"491b0e0c15d8194a3feb6f80d996db70997854daa9e1c10b7fbc58725ffcbd1a","entry_id":"le_7ee1b66dd9b1e32ae60a0b8c"},"event":"commitment_committed","hash":"dc9f37a2ec7b6481046bc9a38ba7aa01b39daa0af2226ce6749ae2d56d9d51fd","previous":"7d6367f5acfa5a5679121226fb7e0bbaf2996a3eb5d691525b1bb35eea73d7e1","schema_version":1,"seq":7,"subject":"cm_7ee1b66dd9b1e32ae60a0b8c"}');
INSERT INTO "audit" VALUES(8,'a6eef564713acda4badcc58f507bd003650d732fa4bc4abce941ad894588ecea','2026-03-01T09:01:00.000000Z','commitment_proposed','cm_2938b64e736738674f65955a','{"actor":"pe_c857de8b8c65e375","at":"2026-03-01T09:01:00.000000Z","data":{"action":"issue_term_sheet","digest":"2938b64e736738674f65955a66f0424b80b9c99878b4b7aa212d2f7b1b3b8ffb","document_id":"ts_two","document_version":1,"policy":"approval-policy 1","required":["c-level","legal"],"thread_id":"thread-2"},"event":"commitment_proposed","hash":"a6eef564713acda4badcc58f507bd003650d732fa4bc4abce941ad894588ecea","previous":"dc9f37a2ec7b6481046bc9a38ba7aa01b39daa0af2226ce6749ae2d56d9d51fd","schema_version":1,"seq":8,"subject":"cm_2938b64e736738674f65955a"}');
INSERT INTO "audit" VALUES(9,'eb38cc513b2e7464032d5f8ca3213eb9bcf10800b64561b3857819a91d94fbfb','2026-03-01T09:01:00.000000Z','commitment_approved','cm_2938b64e736738674f65955a','{"actor":"pe_00ca915a4232bb3d","at":"2026-03-01T09:01:00.000000Z","data":{"decision_digest":"288944b36472a293dea58f0efbde5ac626e81960a49a4159cadd06464c8057b3","decision_id":"de_40b3ce0f05cb9448034c46f3","digest":"2938b64e736738674f65955a66f0424b80b9c99878b4b7aa212d2f7b1b3b8ffb","legal":false,"level":"c-level"},"event":"commitment_approved","hash":"eb38cc513b2e7464032d5f8ca3213eb9bcf10800b64561b3857819a91d94fbfb","previous":"a6eef564713acda4badcc58f507bd003650d732fa4bc4abce941ad894588ecea","schema_version":1,"seq":9,"subject":"cm_2938b64e736738674f65955a"}');
INSERT INTO "audit" VALUES(10,'92584993599b23440136a817efd60db612fa21f59086ac152063d6993ebdd9d6','2026-03-01T09:02:00.000000Z','commitment_approved','cm_2938b64e736738674f65955a','{"actor":"pe_ff3ed1a2884cf9c1","at":"2026-03-01T09:02:00.000000Z","data":{"decision_digest":"56244b4e592ae80d10934bece7679359bf3624aa3f95ccaa6b604ad65ee08954","decision_id":"de_41e09ad6a72ead6e24a94c0c","digest":"2938b64e736738674f65955a66f0424b80b9c99878b4b7aa212d2f7b1b3b8ffb","legal":true,"level":"manager"},"event":"commitment_approved","hash":"92584993599b23440136a817efd60db612fa21f59086ac152063d6993ebdd9d6","previous":"eb38cc513b2e7464032d5f8ca3213eb9bcf10800b64561b3857819a91d94fbfb","schema_version":1,"seq":10,"subject":"cm_2938b64e736738674f65955a"}');
INSERT INTO "audit" VALUES(11,'490c5a1efc3a0c0ee62513783673386f2aeaed65bf4561713a4adc7895dbad72','2026-03-01T09:02:00.000000Z','commitment_proposed','cm_cf03421c5f61105b657faf3f','{"actor":"pe_c857de8b8c65e375","at":"2026-03-01T09:02:00.000000Z","data":{"action":"issue_term_sheet","digest":"cf03421c5f61105b657faf3f60e5a13613101d4014d0f2ce4654ffa3ce184a1a","document_id":"ts_three","document_version":1,"policy":"approval-policy 1","required":["director"],"thread_id":"thread-3"},"event":"commitment_proposed","hash":"490c5a1efc3a0c0ee62513783673386f2aeaed65bf4561713a4adc7895dbad72","previous":"92584993599b23440136a817efd60db612fa21f59086ac152063d6993ebdd9d6","schema_version":1,"seq":11,"subject":"cm_cf03421c5f61105b657faf3f"}');
INSERT INTO "audit" VALUES(12,'f031c86290fa8be78d9a4d189c4754637fdccf6b0dcc881153ffc3ce17c6abfa','2026-03-01T09:02:00.000000Z','commitment_proposed','cm_9caffcada3933997e75955bf','{"actor":"pe_c857de8b8c65e375","at":"2026-03-01T09:02:00.000000Z","data":{"action":"issue_term_sheet","digest":"9caffcada3933997e75955bf03a59c5213340f8aa95d074431160e4bafefd924","document_id":"ts_four","document_version":1,"policy":"approval-policy 1","required":["director"],"thread_id":"thread-4"},"event":"commitment_proposed","hash":"f031c86290fa8be78d9a4d189c4754637fdccf6b0dcc881153ffc3ce17c6abfa","previous":"490c5a1efc3a0c0ee62513783673386f2aeaed65bf4561713a4adc7895dbad72","schema_version":1,"seq":12,"subject":"cm_9caffcada3933997e75955bf"}');
INSERT INTO "audit" VALUES(13,'1dc396235ccf80490dece5cd1cc3752afc270b0825b910227118174955a5d026','2026-03-01T09:02:00.000000Z','commitment_rejected','cm_9caffcada3933997e75955bf','{"actor":"pe_f02747f9c8c0c2f7","at":"2026-03-01T09:02:00.000000Z","data":{"decision_digest":"879266ff8bdcc6bf6f0e759d3f1afb978d77cd0de40e98772e1badb2a9e84254","decision_id":"de_1775b35f437ca5f1a54b71d8","digest":"9caffcada3933997e75955bf03a59c5213340f8aa95d074431160e4bafefd924","legal":false,"level":"director"},"event":"commitment_rejected","hash":"1dc396235ccf80490dece5cd1cc3752afc270b0825b910227118174955a5d026","previous":"f031c86290fa8be78d9a4d189c4754637fdccf6b0dcc881153ffc3ce17c6abfa","schema_version":1,"seq":13,"subject":"cm_9caffcada3933997e75955bf"}');
INSERT INTO "audit" VALUES(14,'752fab6b19dbfc2bd89bfac54a26b1ce885d1671631f46d82f66fe50aed5cb24','2026-03-01T09:02:00.000000Z','commitment_superseded','cm_cf03421c5f61105b657faf3f','{"actor":"pe_c857de8b8c65e375","at":"2026-03-01T09:02:00.000000Z","data":{"by":"cm_a3dc900618903fef753ca927"},"event":"commitment_superseded","hash":"752fab6b19dbfc2bd89bfac54a26b1ce885d1671631f46d82f66fe50aed5cb24","previous":"1dc396235ccf80490dece5cd1cc3752afc270b0825b910227118174955a5d026","schema_version":1,"seq":14,"subject":"cm_cf03421c5f61105b657faf3f"}');
INSERT INTO "audit" VALUES(15,'d35eb1a5215b588a6553773b36ec7cb3218939995d17c2cfafbc7a3a3a14e1c9','2026-03-01T09:02:00.000000Z','commitment_proposed','cm_a3dc900618903fef753ca927','{"actor":"pe_c857de8b8c65e375","at":"2026-03-01T09:02:00.000000Z","data":{"action":"issue_term_sheet","digest":"a3dc900618903fef753ca927b1945ac243c837402b532537a87b690851804672","document_id":"ts_three","document_version":2,"policy":"approval-policy 1","required":["director"],"thread_id":"thread-3"},"event":"commitment_proposed","hash":"d35eb1a5215b588a6553773b36ec7cb3218939995d17c2cfafbc7a3a3a14e1c9","previous":"752fab6b19dbfc2bd89bfac54a26b1ce885d1671631f46d82f66fe50aed5cb24","schema_version":1,"seq":15,"subject":"cm_a3dc900618903fef753ca927"}');
INSERT INTO "audit" VALUES(16,'a69ff0c2f99891444a47ea6ba8911b0f4c931f745287b3b02cb2887bcd6a9597','2026-03-01T09:02:00.000000Z','person_changed','pe_f02747f9c8c0c2f7','{"actor":"operator","at":"2026-03-01T09:02:00.000000Z","data":{"active":true,"legal":false,"level":"vp"},"event":"person_changed","hash":"a69ff0c2f99891444a47ea6ba8911b0f4c931f745287b3b02cb2887bcd6a9597","previous":"d35eb1a5215b588a6553773b36ec7cb3218939995d17c2cfafbc7a3a3a14e1c9","schema_version":1,"seq":16,"subject":"pe_f02747f9c8c0c2f7"}');
INSERT INTO "audit" VALUES(17,'ae0e81ff3d029cc0dfd445b513076f6b1b4700a5c300be510328f4ae45a76477','2026-03-01T09:02:00.000000Z','token_issued','pe_ff3ed1a2884cf9c1','{"actor":"operator","at":"2026-03-01T09:02:00.000000Z","data":{"revoked":1,"token_digest":"5a0ae13e9b09bd9ba3467a4f4b62e2434aba1fe7ff9d6d7da0b0702c15f22d4f","token_id":"9f206394d7623e13"},"event":"token_issued","hash":"ae0e81ff3d029cc0dfd445b513076f6b1b4700a5c300be510328f4ae45a76477","previous":"a69ff0c2f99891444a47ea6ba8911b0f4c931f745287b3b02cb2887bcd6a9597","schema_version":1,"seq":17,"subject":"pe_ff3ed1a2884cf9c1"}');
CREATE TABLE cards (
	need_id VARCHAR(110) NOT NULL, 
	company_id VARCHAR(110) NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_cards PRIMARY KEY (need_id, company_id)
);
CREATE TABLE commitments (
	commitment_id VARCHAR(110) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	thread_id VARCHAR(100) NOT NULL, 
	document_id VARCHAR(110) NOT NULL, 
	document_version INTEGER NOT NULL, 
	requested_at VARCHAR(32) NOT NULL, 
	superseded_by VARCHAR(110), 
	body TEXT NOT NULL, 
	CONSTRAINT pk_commitments PRIMARY KEY (commitment_id), 
	CONSTRAINT uq_commitments_digest UNIQUE (digest)
);
INSERT INTO "commitments" VALUES('cm_7ee1b66dd9b1e32ae60a0b8c','7ee1b66dd9b1e32ae60a0b8cc2ddb92d96bc23f1bb9156176f534eab0ee39ebc','thread-1','ts_one',1,'2026-03-01T08:00:00.000000Z',NULL,'{"action":"issue_term_sheet","commitment_id":"cm_7ee1b66dd9b1e32ae60a0b8c","currency":"SAR","document_id":"ts_one","document_version":1,"expires_at":"2026-03-15T08:00:00.000000Z","parties":["Us Ltd","Them Co"],"partnership_type":"distribution","policy_version":"approval-policy 1","requested_at":"2026-03-01T08:00:00.000000Z","requested_by":"pe_c857de8b8c65e375","required_approvals":[{"legal":false,"min_level":"director"}],"schema_version":1,"terms":{"commission":"0.15","currency":"SAR","title":"اتفاقية"},"thread_id":"thread-1","value":null}');
INSERT INTO "commitments" VALUES('cm_2938b64e736738674f65955a','2938b64e736738674f65955a66f0424b80b9c99878b4b7aa212d2f7b1b3b8ffb','thread-2','ts_two',1,'2026-03-01T09:01:00.000000Z',NULL,'{"action":"issue_term_sheet","commitment_id":"cm_2938b64e736738674f65955a","currency":"SAR","document_id":"ts_two","document_version":1,"expires_at":"2026-03-15T09:01:00.000000Z","parties":["Us Ltd","Them Co"],"partnership_type":"government","policy_version":"approval-policy 1","requested_at":"2026-03-01T09:01:00.000000Z","requested_by":"pe_c857de8b8c65e375","required_approvals":[{"legal":false,"min_level":"c-level"},{"legal":true,"min_level":"analyst"}],"schema_version":1,"terms":{"commission":"0.15","currency":"SAR","title":"اتفاقية"},"thread_id":"thread-2","value":null}');
INSERT INTO "commitments" VALUES('cm_cf03421c5f61105b657faf3f','cf03421c5f61105b657faf3f60e5a13613101d4014d0f2ce4654ffa3ce184a1a','thread-3','ts_three',1,'2026-03-01T09:02:00.000000Z','cm_a3dc900618903fef753ca927','{"action":"issue_term_sheet","commitment_id":"cm_cf03421c5f61105b657faf3f","currency":"SAR","document_id":"ts_three","document_version":1,"expires_at":"2026-03-15T09:02:00.000000Z","parties":["Us Ltd","Them Co"],"partnership_type":"distribution","policy_version":"approval-policy 1","requested_at":"2026-03-01T09:02:00.000000Z","requested_by":"pe_c857de8b8c65e375","required_approvals":[{"legal":false,"min_level":"director"}],"schema_version":1,"terms":{"commission":"0.15","currency":"SAR","title":"اتفاقية"},"thread_id":"thread-3","value":null}');
INSERT INTO "commitments" VALUES('cm_9caffcada3933997e75955bf','9caffcada3933997e75955bf03a59c5213340f8aa95d074431160e4bafefd924','thread-4','ts_four',1,'2026-03-01T09:02:00.000000Z',NULL,'{"action":"issue_term_sheet","commitment_id":"cm_9caffcada3933997e75955bf","currency":"SAR","document_id":"ts_four","document_version":1,"expires_at":"2026-03-15T09:02:00.000000Z","parties":["Us Ltd","Them Co"],"partnership_type":"distribution","policy_version":"approval-policy 1","requested_at":"2026-03-01T09:02:00.000000Z","requested_by":"pe_c857de8b8c65e375","required_approvals":[{"legal":false,"min_level":"director"}],"schema_version":1,"terms":{"commission":"0.15","currency":"SAR","title":"اتفاقية"},"thread_id":"thread-4","value":null}');
INSERT INTO "commitments" VALUES('cm_a3dc900618903fef753ca927','a3dc900618903fef753ca927b1945ac243c837402b532537a87b690851804672','thread-3','ts_three',2,'2026-03-01T09:02:00.000001Z',NULL,'{"action":"issue_term_sheet","commitment_id":"cm_a3dc900618903fef753ca927","currency":"SAR","document_id":"ts_three","document_version":2,"expires_at":"2026-03-15T09:02:00.000001Z","parties":["Us Ltd","Them Co"],"partnership_type":"distribution","policy_version":"approval-policy 1","requested_at":"2026-03-01T09:02:00.000001Z","requested_by":"pe_c857de8b8c65e375","required_approvals":[{"legal":false,"min_level":"director"}],"schema_version":1,"terms":{"commission":"0.15","currency":"SAR","title":"اتفاقية"},"thread_id":"thread-3","value":null}');
CREATE TABLE companies (
	company_id VARCHAR(110) NOT NULL, 
	domain VARCHAR(253), 
	body TEXT NOT NULL, 
	CONSTRAINT pk_companies PRIMARY KEY (company_id)
);
CREATE TABLE company_names (
	company_id VARCHAR(110) NOT NULL, 
	name_key VARCHAR(400) NOT NULL, 
	CONSTRAINT pk_company_names PRIMARY KEY (company_id, name_key)
);
CREATE TABLE contradictions (
	company_id VARCHAR(110) NOT NULL, 
	position INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_contradictions PRIMARY KEY (company_id, position)
);
CREATE TABLE deals (
	thread_id VARCHAR(100) NOT NULL, 
	need_id VARCHAR(110) NOT NULL, 
	company_id VARCHAR(110) NOT NULL, 
	requested_by VARCHAR(110) NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	status VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_deals PRIMARY KEY (thread_id)
);
CREATE TABLE decisions (
	decision_id VARCHAR(110) NOT NULL, 
	commitment_id VARCHAR(110) NOT NULL, 
	person_id VARCHAR(110) NOT NULL, 
	outcome VARCHAR(20) NOT NULL, 
	decided_at VARCHAR(32) NOT NULL, 
	consumed_by VARCHAR(110), 
	body TEXT NOT NULL, 
	CONSTRAINT pk_decisions PRIMARY KEY (decision_id), 
	CONSTRAINT fk_decisions_commitment_id FOREIGN KEY(commitment_id) REFERENCES commitments (commitment_id), 
	CONSTRAINT fk_decisions_person_id FOREIGN KEY(person_id) REFERENCES people (person_id), 
	CONSTRAINT uq_decisions_commitment_id_person_id_outcome UNIQUE (commitment_id, person_id, outcome)
);
INSERT INTO "decisions" VALUES('de_31608c680fc75c60f15a2783','cm_7ee1b66dd9b1e32ae60a0b8c','pe_f02747f9c8c0c2f7','approve','2026-03-01T09:00:00.000000Z','le_7ee1b66dd9b1e32ae60a0b8c','{"commitment_id":"cm_7ee1b66dd9b1e32ae60a0b8c","decided_at":"2026-03-01T09:00:00.000000Z","decided_by":"pe_f02747f9c8c0c2f7","decision_id":"de_31608c680fc75c60f15a2783","digest":"7ee1b66dd9b1e32ae60a0b8cc2ddb92d96bc23f1bb9156176f534eab0ee39ebc","expires_at":"2026-03-15T08:00:00.000000Z","key_id":"e78ee499523fa2fc","legal":false,"level":"director","note":null,"outcome":"approve","schema_version":1,"signature":"+gA0x7zxkI+C0SAmmdDFHBQ5xhPrP8EITsg0uhID1J/eA2HqxLdjwtK9S7HO9SUQt+a0LrB7uI/dk5p8QJAFCQ=="}');
INSERT INTO "decisions" VALUES('de_40b3ce0f05cb9448034c46f3','cm_2938b64e736738674f65955a','pe_00ca915a4232bb3d','approve','2026-03-01T09:01:00.000000Z',NULL,'{"commitment_id":"cm_2938b64e736738674f65955a","decided_at":"2026-03-01T09:01:00.000000Z","decided_by":"pe_00ca915a4232bb3d","decision_id":"de_40b3ce0f05cb9448034c46f3","digest":"2938b64e736738674f65955a66f0424b80b9c99878b4b7aa212d2f7b1b3b8ffb","expires_at":"2026-03-15T09:01:00.000000Z","key_id":"e78ee499523fa2fc","legal":false,"level":"c-level","note":null,"outcome":"approve","schema_version":1,"signature":"kHlLvDpCxW29DSNOLPQ6C8z/oe5bw0IeadSYn+TjIGR27WejZRimnA4Zxmj1NOWUQdV8QY346IrNQ+Vc7KZNDQ=="}');
INSERT INTO "decisions" VALUES('de_41e09ad6a72ead6e24a94c0c','cm_2938b64e736738674f65955a','pe_ff3ed1a2884cf9c1','approve','2026-03-01T09:02:00.000000Z',NULL,'{"commitment_id":"cm_2938b64e736738674f65955a","decided_at":"2026-03-01T09:02:00.000000Z","decided_by":"pe_ff3ed1a2884cf9c1","decision_id":"de_41e09ad6a72ead6e24a94c0c","digest":"2938b64e736738674f65955a66f0424b80b9c99878b4b7aa212d2f7b1b3b8ffb","expires_at":"2026-03-15T09:01:00.000000Z","key_id":"e78ee499523fa2fc","legal":true,"level":"manager","note":null,"outcome":"approve","schema_version":1,"signature":"BDsRAUNzVTr72rhs+r2R2hM7YEOomxJop46z80lA+tlvMVEMMiQlAZJwxYlNLedKbtol7Dsv7Vb/+QiPG2ZwCw=="}');
INSERT INTO "decisions" VALUES('de_1775b35f437ca5f1a54b71d8','cm_9caffcada3933997e75955bf','pe_f02747f9c8c0c2f7','reject','2026-03-01T09:02:00.000000Z',NULL,'{"commitment_id":"cm_9caffcada3933997e75955bf","decided_at":"2026-03-01T09:02:00.000000Z","decided_by":"pe_f02747f9c8c0c2f7","decision_id":"de_1775b35f437ca5f1a54b71d8","digest":"9caffcada3933997e75955bf03a59c5213340f8aa95d074431160e4bafefd924","expires_at":"2026-03-15T09:02:00.000000Z","key_id":"e78ee499523fa2fc","legal":false,"level":"director","note":null,"outcome":"reject","schema_version":1,"signature":"fzzKgoDEpdqKuY2jaQV+RRRxFgkgqnj0aMHdF2g8yPEuT4+Va478QESQS2kLsO7OksSeTVUbvRYCRW6Ax9leCQ=="}');
CREATE TABLE evidence (
	evidence_id VARCHAR(110) NOT NULL, 
	company_id VARCHAR(110) NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_evidence PRIMARY KEY (evidence_id)
);
CREATE TABLE ledger (
	entry_id VARCHAR(110) NOT NULL, 
	commitment_id VARCHAR(110) NOT NULL, 
	document_id VARCHAR(110) NOT NULL, 
	document_version INTEGER NOT NULL, 
	thread_id VARCHAR(100) NOT NULL, 
	committed_at VARCHAR(32) NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_ledger PRIMARY KEY (entry_id), 
	CONSTRAINT fk_ledger_commitment_id FOREIGN KEY(commitment_id) REFERENCES commitments (commitment_id), 
	CONSTRAINT uq_ledger_commitment_id UNIQUE (commitment_id), 
	CONSTRAINT uq_ledger_document_id_document_version UNIQUE (document_id, document_version)
);
INSERT INTO "ledger" VALUES('le_7ee1b66dd9b1e32ae60a0b8c','cm_7ee1b66dd9b1e32ae60a0b8c','ts_one',1,'thread-1','2026-03-01T09:01:00.000000Z','{"action":"issue_term_sheet","approved_by":["pe_f02747f9c8c0c2f7"],"commitment_id":"cm_7ee1b66dd9b1e32ae60a0b8c","committed_at":"2026-03-01T09:01:00.000000Z","decision_ids":["de_31608c680fc75c60f15a2783"],"digest":"7ee1b66dd9b1e32ae60a0b8cc2ddb92d96bc23f1bb9156176f534eab0ee39ebc","document_id":"ts_one","document_version":1,"entry_id":"le_7ee1b66dd9b1e32ae60a0b8c","parties":["Us Ltd","Them Co"],"requested_by":"pe_c857de8b8c65e375","schema_version":1,"thread_id":"thread-1","value":null}');
CREATE TABLE needs (
	need_id VARCHAR(110) NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_needs PRIMARY KEY (need_id)
);
CREATE TABLE outbox (
	message_id VARCHAR(110) NOT NULL, 
	idempotency_key VARCHAR(110) NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	delivered_at VARCHAR(32), 
	body TEXT NOT NULL, 
	CONSTRAINT pk_outbox PRIMARY KEY (message_id), 
	CONSTRAINT uq_outbox_idempotency_key UNIQUE (idempotency_key)
);
INSERT INTO "outbox" VALUES('ob_7ee1b66dd9b1e32ae60a0b8c','cm_7ee1b66dd9b1e32ae60a0b8c','issue_term_sheet','2026-03-01T09:01:00.000000Z',NULL,'{"created_at":"2026-03-01T09:01:00.000000Z","delivered_at":null,"idempotency_key":"cm_7ee1b66dd9b1e32ae60a0b8c","kind":"issue_term_sheet","message_id":"ob_7ee1b66dd9b1e32ae60a0b8c","payload":{"digest":"7ee1b66dd9b1e32ae60a0b8cc2ddb92d96bc23f1bb9156176f534eab0ee39ebc","document_id":"ts_one","document_version":1,"entry_id":"le_7ee1b66dd9b1e32ae60a0b8c"},"schema_version":1}');
CREATE TABLE people (
	person_id VARCHAR(110) NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY (person_id)
);
INSERT INTO "people" VALUES('pe_c857de8b8c65e375','{"active":true,"legal":false,"level":"c-level","name":"Reem","person_id":"pe_c857de8b8c65e375","schema_version":1}');
INSERT INTO "people" VALUES('pe_f02747f9c8c0c2f7','{"active":true,"legal":false,"level":"vp","name":"Dana","person_id":"pe_f02747f9c8c0c2f7","schema_version":1}');
INSERT INTO "people" VALUES('pe_00ca915a4232bb3d','{"active":true,"legal":false,"level":"c-level","name":"Salem","person_id":"pe_00ca915a4232bb3d","schema_version":1}');
INSERT INTO "people" VALUES('pe_ff3ed1a2884cf9c1','{"active":true,"legal":true,"level":"manager","name":"Layla","person_id":"pe_ff3ed1a2884cf9c1","schema_version":1}');
CREATE TABLE sheets (
	sheet_id VARCHAR(110) NOT NULL, 
	version INTEGER NOT NULL, 
	thread_id VARCHAR(100) NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_sheets PRIMARY KEY (sheet_id, version)
);
CREATE TABLE tokens (
	token_id VARCHAR(16) NOT NULL, 
	person_id VARCHAR(110) NOT NULL, 
	secret_hash VARCHAR(300) NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	revoked_at VARCHAR(32), 
	CONSTRAINT pk_tokens PRIMARY KEY (token_id), 
	CONSTRAINT fk_tokens_person_id FOREIGN KEY(person_id) REFERENCES people (person_id)
);
INSERT INTO "tokens" VALUES('27183b37642737fc','pe_c857de8b8c65e375','$argon2id$v=19$m=8,t=1,p=1$+qSbNKi6mVYVPhxoRU7k5Q$0+o/t3M9q1fJN8eDO25VroQmihTWrec8JGwriV8lEBw','2026-03-01T08:00:00.000000Z',NULL);
INSERT INTO "tokens" VALUES('28b666e313573762','pe_f02747f9c8c0c2f7','$argon2id$v=19$m=8,t=1,p=1$shiH7nVh8NKPJx92KxWZBQ$y10PW0OtZgPlKwDhhDATV+a9ShDHm0c71ulJ81xnNdE','2026-03-01T08:00:00.000000Z',NULL);
INSERT INTO "tokens" VALUES('b889fe7698f4751e','pe_00ca915a4232bb3d','$argon2id$v=19$m=8,t=1,p=1$+E3heZqvLtXcjlRmOLZHAg$Uz1ruSGrqZuV3G3OyvGp/7NPsllCHHfLHrMPiGIW29s','2026-03-01T08:00:00.000000Z',NULL);
INSERT INTO "tokens" VALUES('9624c205c85886cf','pe_ff3ed1a2884cf9c1','$argon2id$v=19$m=8,t=1,p=1$76xYx79T2+Ts2fG+t/4etw$4HhA1lx1kGipb8ko0yz7V8nwmv0ROql35kwwcfXayP4','2026-03-01T08:00:00.000000Z','2026-03-01T09:02:00.000000Z');
INSERT INTO "tokens" VALUES('9f206394d7623e13','pe_ff3ed1a2884cf9c1','$argon2id$v=19$m=8,t=1,p=1$jbod1yMlH/f/Nl6yDNFqqw$pJFFZ5DZ53SAqE4GD+z0TNyywctjfwJ3n+DTsXtW2pU','2026-03-01T09:02:00.000000Z',NULL);
CREATE TABLE write_lock (
	id INTEGER NOT NULL, 
	CONSTRAINT pk_write_lock PRIMARY KEY (id)
);
INSERT INTO "write_lock" VALUES(1);
CREATE INDEX ix_tokens_person_id ON tokens (person_id);
CREATE INDEX ix_commitments_document_id ON commitments (document_id);
CREATE INDEX ix_commitments_thread_id ON commitments (thread_id);
CREATE INDEX ix_ledger_thread_id ON ledger (thread_id);
CREATE INDEX ix_audit_subject ON audit (subject);
CREATE INDEX ix_outbox_delivered_at ON outbox (delivered_at);
CREATE INDEX ix_companies_domain ON companies (domain);
CREATE INDEX ix_company_names_name_key ON company_names (name_key);
CREATE INDEX ix_evidence_company_id ON evidence (company_id);
CREATE INDEX ix_sheets_thread_id ON sheets (thread_id);
CREATE INDEX ix_deals_company_id ON deals (company_id);
COMMIT;
