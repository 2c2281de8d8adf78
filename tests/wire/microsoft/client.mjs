// All 63 operations of the Azure Face API, performed by Microsoft's own client: node client.mjs PHOTOS URL
// PHOTOS has amy1.jpg, amy2.jpg, bob1.jpg and bob2.jpg, and URL serves the same files. Environment: ENDPOINT, KEY, SUBSCRIPTION (of the key).
// Each operation is followed by one that shows its effect. Prints a line for each operation.
import { FaceClient } from '@azure/cognitiveservices-face';
import { ApiKeyCredentials } from '@azure/ms-rest-js';
import assert from 'node:assert/strict';
import fs from 'node:fs';

const [photos, url] = process.argv.slice(2);
const { ENDPOINT, KEY, SUBSCRIPTION } = process.env;
const client = new FaceClient(new ApiKeyCredentials({ inHeader: { 'Ocp-Apim-Subscription-Key': KEY } }), ENDPOINT, { noRetryPolicy: true });
const model = { recognitionModel: 'recognition_02' };
const stream = (name) => () => fs.createReadStream(`${photos}/${name}`);
const nobody = '00000000-0000-4000-8000-000000000000';
const done = new Set();

async function step(operation, promise) {
	const answer = await promise;
	done.add(operation);
	console.log(`ok ${operation}`);
	return answer;
}

// The service must refuse the request with this status and code.
async function refused(promise, status, code) {
	await assert.rejects(promise, (error) => {
		assert.equal(error.statusCode, status, error.message);
		assert.equal(error.body.error.code, code);
		return true;
	});
}

async function detect(name) {
	const faces = await client.face.detectWithStream(stream(name), { returnFaceId: true, returnRecognitionModel: true, ...model });
	assert.equal(faces.length, 1);
	assert.equal(faces[0].recognitionModel, model.recognitionModel);
	return faces[0].faceId;
}

async function faces() {
	const amy1 = await step('Face_DetectWithStream', detect('amy1.jpg'));
	const [{ faceId: amy2 }] = await step('Face_DetectWithUrl', client.face.detectWithUrl(`${url}/amy2.jpg`, model));
	const [bob1, bob2] = [await detect('bob1.jpg'), await detect('bob2.jpg')];
	const same = await step('Face_VerifyFaceToFace', client.face.verifyFaceToFace(amy1, amy2));
	assert.ok(same.isIdentical && same.confidence >= 0.5);
	assert.ok(!(await client.face.verifyFaceToFace(amy1, bob1)).isIdentical);
	const similar = await step('Face_FindSimilar', client.face.findSimilar(amy1, { faceIds: [bob1, amy2, bob2] }));
	assert.deepEqual(similar.map((face) => face.faceId), [amy2]);
	const all = await client.face.findSimilar(amy1, { faceIds: [bob1, amy2, bob2], mode: 'matchFace' });
	assert.deepEqual([all.length, all[0].faceId], [3, amy2]);
	const { groups, messyGroup } = await step('Face_Group', client.face.group([amy1, bob1, bob2, amy2]));
	assert.deepEqual(groups.map((ids) => ids.sort()).sort(), [[amy1, amy2].sort(), [bob1, bob2].sort()].sort());
	assert.ok(!messyGroup || messyGroup.length === 0);
	await refused(client.face.verifyFaceToFace(amy1, nobody), 404, 'FaceNotFound');
	return { amy1, amy2, bob1, bob2 };
}

async function list(kind, operations, id, ids) {
	const large = kind === 'LargeFaceList';
	const member = large ? { largeFaceListId: id } : { faceListId: id };
	await step(`${kind}_Create`, operations.create(id, 'Faces', { userData: 'first', ...model }));
	await refused(operations.create(id, 'Faces'), 409, `${kind}Exists`);
	let got = await step(`${kind}_Get`, operations.get(id, { returnRecognitionModel: true }));
	assert.deepEqual([got.name, got.userData, got.recognitionModel], ['Faces', 'first', model.recognitionModel]);
	await step(`${kind}_Update`, operations.update(id, { userData: 'second' }));
	got = await operations.get(id);
	assert.deepEqual([got.name, got.userData], ['Faces', 'second']);
	const lists = await step(`${kind}_List`, operations.list());
	assert.ok(lists.some((one) => (one.faceListId ?? one.largeFaceListId) === id));
	const { persistedFaceId: amy } = await step(`${kind}_AddFaceFromStream`, operations.addFaceFromStream(id, stream('amy2.jpg'), { userData: 'Amy' }));
	const { persistedFaceId: bob } = await step(`${kind}_AddFaceFromUrl`, operations.addFaceFromUrl(id, `${url}/bob1.jpg`));
	if (large) {
		await refused(operations.getTrainingStatus(id), 404, 'LargeFaceListNotTrained');
		await refused(client.face.findSimilar(ids.amy1, member), 400, 'LargeFaceListNotTrained');
		await step('LargeFaceList_Train', operations.train(id));
		const training = await step('LargeFaceList_GetTrainingStatus', operations.getTrainingStatus(id));
		assert.equal(training.status, 'succeeded');
		assert.equal((await step('LargeFaceList_GetFace', operations.getFace(id, amy))).userData, 'Amy');
		await step('LargeFaceList_UpdateFace', operations.updateFace(id, amy, { userData: 'Amy B.' }));
		assert.equal((await operations.getFace(id, amy)).userData, 'Amy B.');
		const faces = await step('LargeFaceList_ListFaces', operations.listFaces(id));
		assert.deepEqual(faces.map((face) => face.persistedFaceId), [amy, bob].sort());
	} else {
		got = await operations.get(id);
		assert.deepEqual(got.persistedFaces.map((face) => face.persistedFaceId).sort(), [amy, bob].sort());
	}
	const found = await client.face.findSimilar(ids.amy1, member);
	assert.deepEqual(found.map((face) => face.persistedFaceId), [amy]);
	await step(`${kind}_DeleteFace`, operations.deleteFace(id, amy));
	assert.deepEqual(await client.face.findSimilar(ids.amy1, member), []);
	await step(`${kind}_Delete`, operations.deleteMethod(id));
	await refused(operations.get(id), 404, `${kind}NotFound`);
}

async function group(kind, groups, persons, id, ids) {
	const large = kind === 'LargePersonGroup';
	const member = large ? { largePersonGroupId: id } : { personGroupId: id };
	await step(`${kind}_Create`, groups.create(id, 'Cast', { userData: 'first', ...model }));
	const got = await step(`${kind}_Get`, groups.get(id, { returnRecognitionModel: true }));
	assert.deepEqual([got.name, got.recognitionModel], ['Cast', model.recognitionModel]);
	await step(`${kind}_Update`, groups.update(id, { name: 'Crew' }));
	const all = await step(`${kind}_List`, groups.list());
	assert.equal(all.find((one) => (one.personGroupId ?? one.largePersonGroupId) === id).name, 'Crew');
	const { personId: amy } = await step(`${kind}Person_Create`, persons.create(id, { name: 'Amy', userData: 'actor' }));
	const { personId: bob } = await persons.create(id, { name: 'Bob' });
	const { persistedFaceId: face } = await step(`${kind}Person_AddFaceFromStream`, persons.addFaceFromStream(id, amy, stream('amy2.jpg'), { userData: 'front' }));
	await step(`${kind}Person_AddFaceFromUrl`, persons.addFaceFromUrl(id, bob, `${url}/bob2.jpg`));
	assert.equal((await step(`${kind}Person_GetFace`, persons.getFace(id, amy, face))).userData, 'front');
	await step(`${kind}Person_UpdateFace`, persons.updateFace(id, amy, face, { userData: 'side' }));
	assert.equal((await persons.getFace(id, amy, face)).userData, 'side');
	await step(`${kind}Person_Update`, persons.update(id, amy, { name: 'Amy B.' }));
	const person = await step(`${kind}Person_Get`, persons.get(id, amy));
	assert.deepEqual([person.name, person.userData, person.persistedFaceIds], ['Amy B.', 'actor', [face]]);
	const everybody = await step(`${kind}Person_List`, persons.list(id));
	assert.deepEqual(everybody.map((one) => one.personId), [amy, bob].sort());
	await refused(groups.getTrainingStatus(id), 404, `${kind}NotTrained`);
	await refused(client.face.identify([ids.amy1], member), 400, `${kind}NotTrained`);
	await step(`${kind}_Train`, groups.train(id));
	assert.equal((await step(`${kind}_GetTrainingStatus`, groups.getTrainingStatus(id))).status, 'succeeded');
	const named = await step('Face_Identify', client.face.identify([ids.amy1, ids.bob1], member));
	assert.deepEqual(named.map((one) => one.candidates[0].personId), [amy, bob]);
	assert.ok((await step('Face_VerifyFaceToPerson', client.face.verifyFaceToPerson(ids.amy1, amy, member))).isIdentical);
	await step(`${kind}Person_DeleteFace`, persons.deleteFace(id, amy, face));
	await refused(persons.getFace(id, amy, face), 404, 'PersistedFaceNotFound');
	await step(`${kind}Person_Delete`, persons.deleteMethod(id, bob));
	await refused(persons.get(id, bob), 404, 'PersonNotFound');
	await snapshot(kind, groups, id);
	await step(`${kind}_Delete`, groups.deleteMethod(id));
	await refused(groups.get(id), 404, `${kind}NotFound`);
}

async function succeeded(location) {
	for (;;) {
		const status = await client.snapshot.getOperationStatus(location.split('/').pop());
		assert.notEqual(status.status, 'failed', status.message);
		if (status.status === 'succeeded') {
			return status.resourceLocation;
		}
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

async function snapshot(kind, groups, id) {
	const { operationLocation } = await step('Snapshot_Take', client.snapshot.take(kind, id, [SUBSCRIPTION], { userData: 'copy' }));
	const location = await step('Snapshot_GetOperationStatus', succeeded(operationLocation));
	const taken = location.split('/').pop();
	const one = await step('Snapshot_Get', client.snapshot.get(taken));
	assert.deepEqual([one.type, one.userData, one.applyScope], [kind, 'copy', [SUBSCRIPTION]]);
	await step('Snapshot_Update', client.snapshot.update(taken, { userData: 'changed' }));
	const all = await step('Snapshot_List', client.snapshot.list());
	assert.equal(all.find((other) => other.id === taken).userData, 'changed');
	const applied = await step('Snapshot_Apply', client.snapshot.apply(taken, `${id}-copy`));
	await succeeded(applied.operationLocation);
	assert.equal((await groups.get(`${id}-copy`)).name, 'Crew');
	await groups.deleteMethod(`${id}-copy`);
	await step('Snapshot_Delete', client.snapshot.deleteMethod(taken));
	await refused(client.snapshot.get(taken), 404, 'SnapshotNotFound');
}

const ids = await faces();
await list('FaceList', client.faceList, 'faces', ids);
await list('LargeFaceList', client.largeFaceList, 'faces', ids);
await group('PersonGroup', client.personGroup, client.personGroupPerson, 'cast', ids);
await group('LargePersonGroup', client.largePersonGroup, client.largePersonGroupPerson, 'cast', ids);
console.log(`${done.size} operations`);
